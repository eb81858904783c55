import type { BatchRecord } from './batches.ts';
import { chunksOf } from './chunks.ts';
import { getMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

/** One merge is at most this much work: about as many puts as there are series, and this many samples in memory. */
export const MERGE_BATCHES = 600;
export const MERGE_SAMPLES = 200_000;
const PAGE = 64;
const STORES: StoreName[] = ['meta', 'batches', 'chunks'];

/**
 * Takes the oldest batches out of the log and writes their samples as chunks by series, in one transaction: a reader
 * sees every sample either here or there. Answers with how many batches it took. Rejects with the transaction's
 * error, and the log is as it was.
 */
export function mergeBatches(db: TelltaleDatabase): Promise<number> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    const batches = await oldest(tx);
    const first = batches[0];
    const last = batches.at(-1);
    if (first === undefined || last === undefined) return 0;
    const chunks = tx.objectStore('chunks');
    for (const chunk of chunksOf(batches, first.seq)) add(chunks.put(chunk));
    add(tx.objectStore('batches').delete(IDBKeyRange.bound(first.seq, last.seq)));
    return batches.length;
  });
}

async function oldest(tx: Transaction<'readwrite'>): Promise<BatchRecord[]> {
  // What the snapshot of last values does not know yet is replayed from the log on opening, so it stays in the log.
  const known = (await getMeta(tx, 'latest'))?.seq ?? 0;
  const batches: BatchRecord[] = [];
  let samples = 0;
  let after = 0;
  while (batches.length < MERGE_BATCHES && samples < MERGE_SAMPLES && after < known) {
    const page = await tx.objectStore('batches').getAll(IDBKeyRange.bound(after, known, true), PAGE);
    for (const batch of page) {
      batches.push(batch);
      samples += batch.t.length;
    }
    after = page.at(-1)?.seq ?? known;
  }
  return batches;
}
