import { getMeta, putMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

const META: StoreName[] = ['meta'];

/** A tab that led before wrote after another one took the lead. */
export class OldTermError extends Error {
  override readonly name = 'OldTermError';
}

/**
 * Begins a term of leadership: above the stored one and above `above`, which is the highest one that was heard of.
 * From the answer on no earlier
 * leader can write. (`relaxed`: what has to see it is other tabs, and none of them survives a power cut.)
 */
export function takeTerm(db: TelltaleDatabase, above: number): Promise<number> {
  const tx = db.transaction(META, 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    const term = Math.max((await getMeta(tx, 'term')) ?? 0, above) + 1;
    add(putMeta(tx, 'term', term));
    return term;
  });
}

/** To be awaited first in every write of a leader. Throws {@link OldTermError} when another one leads since. */
export async function refuseOldTerm(tx: Transaction<'readwrite'>, term: number): Promise<void> {
  const now = await getMeta(tx, 'term');
  if (now !== undefined && now > term) throw new OldTermError(`Term ${term} is over; this is term ${now}.`);
}
