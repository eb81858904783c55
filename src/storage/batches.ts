import type { Block } from './columns.ts';
import { unpackBlock } from './pack-block.ts';
import type { StoredBatch } from './records.ts';
import type { Transaction } from './schema.ts';

/** One flush: what came from all devices since the one before. */
export interface BatchRecord extends Block {
  /** From 1, without holes as long as nothing is merged away. */
  readonly seq: number;
}

/** The batch that a record holds. */
export function batchOf(stored: StoredBatch): BatchRecord {
  return { ...unpackBlock(stored), seq: stored.seq };
}

/** How many records are in memory at once while the log is read. */
const PAGE = 128;

/**
 * Visits the batches that may hold samples in `[from, to)`, in the order in which they were written.
 */
export async function eachBatch(
  tx: Transaction,
  from: number,
  to: number,
  visit: (batch: BatchRecord) => void,
): Promise<void> {
  const store = tx.objectStore('batches');
  // Batches that ended before the range are left out by their index; what remains is fetched by key, so that
  // equal times cannot fall between two pages.
  const keys = await store.index('to').getAllKeys(IDBKeyRange.lowerBound(from));
  keys.sort((a, b) => a - b);
  for (let i = 0; i < keys.length; i += PAGE) {
    const last = keys[Math.min(i + PAGE, keys.length) - 1]!;
    for (const batch of await store.getAll(IDBKeyRange.bound(keys[i]!, last))) {
      if (batch.from < to && batch.to >= from) visit(batchOf(batch));
    }
  }
}
