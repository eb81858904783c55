import { decodeExtremes, decodeRollup, encodeRollup } from '../model/rollup-codec.ts';
import { BLOCK_BUCKETS, foldRollups, sliceRollup, type Extremes, type Rollup } from '../model/rollup.ts';
import { endToEnd } from './end-to-end.ts';
import type { RollupRecord } from './records.ts';
import type { Transaction } from './schema.ts';

/** Every so many runs the parts of a block that have come together become one: a year stays quick to read. */
export const FOLD = 16;

/** The rollups of the series of one device. */
export type DeviceRollup = ReadonlyMap<number, Rollup>;

/** Cuts the rollups of a device at the borders of blocks. `width` in ms. */
export function rollupRecords(lead: number, width: number, all: DeviceRollup, seq: number): RollupRecord[] {
  const blocks = new Map<number, Map<number, Rollup>>();
  for (const [series, rollup] of all) {
    const { bucket } = rollup;
    for (let i = 0; i < bucket.length;) {
      const block = Math.floor(bucket[i]! / BLOCK_BUCKETS);
      const part = sliceRollup(rollup, bucket[i]!, (block + 1) * BLOCK_BUCKETS);
      blocks.set(block, (blocks.get(block) ?? new Map<number, Rollup>()).set(series, part));
      i += part.bucket.length;
    }
  }
  return [...blocks].map(([block, parts]) => recordOf(lead, width, block, seq, parts));
}

function recordOf(lead: number, width: number, block: number, seq: number, all: DeviceRollup): RollupRecord {
  const { bytes, begins } = endToEnd([...all.values()].map(encodeRollup));
  const last = Math.max(...[...all.values()].map(({ bucket }) => bucket.at(-1)!));
  const series = Uint32Array.from(all.keys());
  return { lead, width, block, seq, to: (last + 1) * width, series, begins, bytes };
}

/** All parts of one block as one; it keeps the place of the first. */
export function foldRecords(parts: readonly RollupRecord[]): RollupRecord {
  const { lead, width, block, seq } = parts[0]!;
  const bySeries = new Map<number, Rollup[]>();
  for (const { series, begins, bytes } of parts) {
    for (let i = 0; i < series.length; i++) {
      const found = bySeries.get(series[i]!) ?? [];
      found.push(decodeRollup(bytes, begins[i]));
      bySeries.set(series[i]!, found);
    }
  }
  const whole = new Map([...bySeries].map(([series, rollups]) => [series, foldRollups(rollups)]));
  return recordOf(lead, width, block, seq, whole);
}

/** The keys of a device's rollups of one width that touch `[from, to)`, epoch ms. */
export function rollupRange(lead: number, width: number, from: number, to: number): IDBKeyRange {
  const blockOf = (t: number) => Math.floor(t / width / BLOCK_BUCKETS);
  return IDBKeyRange.bound([lead, width, blockOf(from)], [lead, width, blockOf(to - 1), Infinity]);
}

/** Visits the rollups of some series of a device, of one width, that touch `[from, to)`; a bucket can be in several. */
export async function readRollups(
  tx: Transaction,
  lead: number,
  wanted: ReadonlySet<number>,
  width: number,
  from: number,
  to: number,
  visit: (series: number, rollup: Extremes) => void,
): Promise<void> {
  const records = await tx.objectStore('rollups').getAll(rollupRange(lead, width, from, to));
  for (const { series, begins, bytes } of records) {
    for (let i = 0; i < series.length; i++) {
      if (wanted.has(series[i]!)) visit(series[i]!, decodeExtremes(bytes, begins[i]));
    }
  }
}
