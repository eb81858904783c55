import { decodeExtremes, decodeRollup, encodeRollup } from '../model/rollup-codec.ts';
import { BLOCK_BUCKETS, foldRollups, sliceRollup, type Extremes, type Rollup } from '../model/rollup.ts';
import type { Transaction } from './schema.ts';

/** Some of the buckets of one series within one block of time: what one run of samples added to it. */
export interface RollupRecord {
  readonly series: number;
  /** Of a bucket, ms. */
  readonly width: number;
  /** Which block of time: epoch ms divided by width and {@link BLOCK_BUCKETS}. */
  readonly block: number;
  /** The first segment of the run that it was made of. */
  readonly seq: number;
  /** End of the last bucket, epoch ms. */
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Every so many runs the parts of a block that have come together become one: a year stays quick to read. */
export const FOLD = 16;

/** Cuts a rollup at the borders of blocks. `width` in ms. */
export function rollupRecords(series: number, width: number, rollup: Rollup, seq: number): RollupRecord[] {
  const records: RollupRecord[] = [];
  const { bucket } = rollup;
  for (let i = 0; i < bucket.length;) {
    const block = Math.floor(bucket[i]! / BLOCK_BUCKETS);
    const part = sliceRollup(rollup, bucket[i]!, (block + 1) * BLOCK_BUCKETS);
    records.push(recordOf(series, width, block, seq, part));
    i += part.bucket.length;
  }
  return records;
}

function recordOf(series: number, width: number, block: number, seq: number, part: Rollup): RollupRecord {
  return { series, width, block, seq, to: (part.bucket.at(-1)! + 1) * width, bytes: encodeRollup(part) };
}

/** All parts of one block as one; it keeps the place of the first. */
export function foldRecords(parts: readonly RollupRecord[]): RollupRecord {
  const { series, width, block, seq } = parts[0]!;
  return recordOf(series, width, block, seq, foldRollups(parts.map(({ bytes }) => decodeRollup(bytes))));
}

/** The keys of a series' rollups of one width that touch `[from, to)`, epoch ms. */
export function rollupRange(series: number, width: number, from: number, to: number): IDBKeyRange {
  const blockOf = (t: number) => Math.floor(t / width / BLOCK_BUCKETS);
  return IDBKeyRange.bound([series, width, blockOf(from)], [series, width, blockOf(to - 1), Infinity]);
}

/** The rollups of a series of one width that touch `[from, to)`; a bucket can be in several of them. */
export async function readRollups(
  tx: Transaction,
  series: number,
  width: number,
  from: number,
  to: number,
): Promise<Extremes[]> {
  const records = await tx.objectStore('rollups').getAll(rollupRange(series, width, from, to));
  return records.map(({ bytes }) => decodeExtremes(bytes));
}
