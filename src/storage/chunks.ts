import type { Block, Columns } from './columns.ts';
import { deviceTimeAt, isLateAt, valueAt } from './columns.ts';
import { SampleBuffer } from './sample-buffer.ts';
import type { Transaction } from './schema.ts';

/** Samples of one series, in order of time (equal times in the order in which they came). */
export interface ChunkRecord extends Columns {
  readonly series: number;
  /** Smallest and largest receive time. */
  readonly from: number;
  readonly to: number;
  /** The first batch of the run that it was made of: orders chunks of equal times by arrival. */
  readonly seq: number;
}

/** No chunk is longer, so that a range read need not look further back for the ones that reach into it. */
export const MAX_SPAN = 6 * 3600_000;
const MAX_SAMPLES = 4096;
/** How many chunks are in memory at once while a series is read. */
const PAGE = 64;

function timeOrder(t: Float64Array): Uint32Array {
  const order = Uint32Array.from(t, (_, i) => i);
  if (t.every((time, i) => i === 0 || time >= t[i - 1]!)) return order;
  return order.sort((a, b) => t[a]! - t[b]! || a - b);
}

function splitSeries(series: number, block: Block, seq: number): ChunkRecord[] {
  const chunks: ChunkRecord[] = [];
  const part = new SampleBuffer(Math.min(block.t.length, MAX_SAMPLES));
  let first = 0;
  let previous = 0;
  const close = () => {
    const done = part.block();
    if (done !== undefined) chunks.push({ ...done, series, seq });
    part.clear();
  };
  for (const i of timeOrder(block.t)) {
    const t = block.t[i]!;
    const full = part.length >= MAX_SAMPLES || t - first >= MAX_SPAN;
    // Only between two different times: two chunks of one run with the same begin would be one key.
    if (part.length > 0 && full && t > previous) close();
    if (part.length === 0) first = t;
    previous = t;
    part.push(series, t, deviceTimeAt(block, i), valueAt(block, i), isLateAt(block, i));
  }
  close();
  return chunks;
}

/** Regroups blocks by series. `seq` is the first batch of the run; blocks are in the order in which they came. */
export function chunksOf(blocks: readonly Block[], seq: number): ChunkRecord[] {
  const bySeries = new Map<number, SampleBuffer>();
  for (const block of blocks) {
    for (let i = 0; i < block.t.length; i++) {
      const series = block.series[i]!;
      let buffer = bySeries.get(series);
      if (buffer === undefined) bySeries.set(series, (buffer = new SampleBuffer(64)));
      buffer.push(series, block.t[i]!, deviceTimeAt(block, i), valueAt(block, i), isLateAt(block, i));
    }
  }
  return [...bySeries].flatMap(([series, buffer]) => splitSeries(series, buffer.block()!, seq));
}

/**
 * Visits the chunks of a series that may hold samples in `[from, to)`, by their begin. `visit` answers false to refuse a
 * chunk and end the visit. Returns the begin of that chunk (all that were not visited begin there or later), or
 * Infinity when all were visited.
 */
export async function eachChunk(
  tx: Transaction,
  series: number,
  from: number,
  to: number,
  visit: (chunk: ChunkRecord) => boolean,
): Promise<number> {
  const store = tx.objectStore('chunks');
  const end = [series, to];
  let range = IDBKeyRange.bound([series, from - MAX_SPAN], end, false, true);
  for (;;) {
    const page = await store.getAll(range, PAGE);
    for (const chunk of page) {
      if (chunk.to >= from && !visit(chunk)) return chunk.from;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return Infinity;
    range = IDBKeyRange.bound([series, last.from, last.seq], end, true, true);
  }
}
