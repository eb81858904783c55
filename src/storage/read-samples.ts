import { eachBatch } from './batches.ts';
import { eachChunk } from './chunks.ts';
import type { Block, Columns } from './columns.ts';
import { readGaps, type GapRecord } from './gaps.ts';
import { getMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';

/** Takes one sample of `series`: position `i` of `columns`. */
export type Visit = (series: number, columns: Columns, i: number) => void;

const STORES: StoreName[] = ['meta', 'batches', 'chunks', 'gaps'];

/** Visits the samples of a block that are in `[from, to)` and of a series that is asked for. */
export function visitBlock(
  block: Block,
  wanted: ReadonlySet<number>,
  from: number,
  to: number,
  visit: Visit,
): void {
  if (block.to < from || block.from >= to) return;
  for (let i = 0; i < block.t.length; i++) {
    const t = block.t[i]!;
    if (t >= from && t < to && wanted.has(block.series[i]!)) visit(block.series[i]!, block, i);
  }
}

/** One consistent view of what is stored. `lastSeq` says which flushes are in it. */
export interface Reading {
  readonly tx: Transaction;
  readonly lastSeq: number;
}

/** Opens a view: what is written after this call is not in it. Must be used without waiting for anything else. */
export async function openReading(db: TelltaleDatabase): Promise<Reading> {
  const tx = db.transaction(STORES, 'readonly');
  return { tx, lastSeq: (await getMeta(tx, 'log'))?.lastSeq ?? 0 };
}

/**
 * Visits every stored sample of the wanted series in `[from, to)` exactly once; of one series in the order in which its
 * chunks begin and then as the log has them. Answers with the gaps of the range.
 */
export async function readSamples(
  reading: Reading,
  wanted: ReadonlySet<number>,
  from: number,
  to: number,
  visit: Visit,
): Promise<GapRecord[]> {
  for (const series of wanted) {
    await eachChunk(reading.tx, series, from, to, (chunk) => {
      for (let i = 0; i < chunk.t.length; i++) {
        const t = chunk.t[i]!;
        if (t >= from && t < to) visit(series, chunk, i);
      }
      return true;
    });
  }
  await eachBatch(reading.tx, from, to, (batch) => visitBlock(batch, wanted, from, to, visit));
  return readGaps(reading.tx, from, to);
}
