import { errorName } from './error-name.ts';
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
    const before = await getMeta(tx, 'term');
    const term = Math.max(before ?? 0, above) + 1;
    add(putMeta(tx, 'term', term));
    if (before !== undefined) add(putMeta(tx, `ended ${before}`, true));
    return term;
  });
}

/**
 * Makes the transaction fail as a whole when `term` is over; the request rejects with {@link OldTermError} then. It asks
 * by a key that may be there once, so that no answer has to be awaited before the writes that follow.
 */
export async function refuseOldTerm(tx: Transaction<'readwrite'>, term: number): Promise<void> {
  const meta = tx.objectStore('meta');
  const free = meta.add(true, `ended ${term}`);
  meta.delete(`ended ${term}`).catch(() => undefined);
  try {
    await free;
  } catch (error) {
    if (errorName(error) !== 'ConstraintError') throw error;
    throw new OldTermError(`Term ${term} is over.`, { cause: error });
  }
}

/**
 * Writes as a leader, all or nothing. `write` hands each request to `add`, reads nothing, and is done within the call: the
 * transaction then ends without the tab that began it. One that hangs meanwhile must not keep the store, since no other
 * tab can end a transaction. Rejects as {@link wholeOrNothing}, or because `term` is over.
 */
export function writeInTerm(
  tx: Transaction<'readwrite'>,
  term: number,
  write: (add: (request: Promise<unknown>) => void) => void,
): Promise<void> {
  return wholeOrNothing(tx, (add) => {
    add(refuseOldTerm(tx, term));
    write(add);
    tx.commit();
  });
}
