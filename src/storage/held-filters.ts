import { putMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase } from './schema.ts';
import { writeInTerm } from './term.ts';

const META: StoreName[] = ['meta'];

/** Writes which filters the broker may have in our session. Rejects as {@link writeInTerm}. */
export function putHeldFilters(
  db: TelltaleDatabase,
  filters: readonly string[],
  term: number,
): Promise<void> {
  const tx = db.transaction(META, 'readwrite', { durability: 'relaxed' });
  return writeInTerm(tx, term, (add) => add(putMeta(tx, 'heldFilters', filters)));
}
