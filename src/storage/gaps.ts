import type { Transaction } from './schema.ts';

/** A stretch in which nobody listened. Epoch ms. */
export interface GapRecord {
  readonly from: number;
  readonly to: number;
}

/** The gaps that touch `[from, to)`, by their begin. */
export async function readGaps(tx: Transaction, from: number, to: number): Promise<GapRecord[]> {
  const ending = await tx.objectStore('gaps').index('to').getAll(IDBKeyRange.lowerBound(from, true));
  return ending.filter((gap) => gap.from < to).sort((a, b) => a.from - b.from);
}
