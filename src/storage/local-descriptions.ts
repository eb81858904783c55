import type { LocalDescription } from '../model/device.ts';
import { putMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase } from './schema.ts';
import { writeInTerm } from './term.ts';

const META: StoreName[] = ['meta'];

/**
 * Writes the descriptions of this browser, all of them: a person makes few, and by hand. Rejects with the transaction's
 * error, or because `term` is over.
 */
export function putLocalDescriptions(
  db: TelltaleDatabase,
  all: readonly LocalDescription[],
  term: number,
): Promise<void> {
  const tx = db.transaction(META, 'readwrite', { durability: 'strict' });
  return writeInTerm(tx, term, (add) => {
    add(putMeta(tx, 'localDescriptions', all));
  });
}
