import type { GapRecord } from './records.ts';
import type { Transaction } from './schema.ts';

/** The gaps that touch `[from, to)`, by their begin. */
export async function readGaps(tx: Transaction, from: number, to: number): Promise<GapRecord[]> {
  const ending = await tx.objectStore('gaps').index('to').getAll(IDBKeyRange.lowerBound(from, true));
  return ending.filter((gap) => gap.from < to).sort((a, b) => a.from - b.from);
}
