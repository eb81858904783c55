import { HOUR, MINUTE, WIDTHS, type Width } from '../../model/rollup.ts';
import { chunkRange } from '../../storage/chunks.ts';
import type { Reading } from '../../storage/read-samples.ts';

/** What a stretch of time is read from: samples, or buckets of a width. */
export type Detail = 'samples' | Width;

/** A stretch that is read from one kind of record. Epoch ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly detail: Detail;
}

/** Up to so much a request is answered from samples although minutes or hours would do: about 20 ms of work. */
const CHEAP_CHUNKS = 96;
const CHEAP_SAMPLES = 300_000;

/**
 * The coarsest detail that a chart of `[from, to)` and `pixels` can be drawn from: buckets at most as wide as a column
 * of two pixels, so that what they hide is less than a pixel to either side.
 */
export function coarsest(from: number, to: number, pixels: number): Detail {
  const column = (to - from) / Math.max(1, Math.floor(pixels / 2));
  return WIDTHS.findLast((width) => width <= column) ?? 'samples';
}

/** Whether the samples of these devices in `[from, to)` are few enough to be read one by one. */
export async function fewSamples(
  { tx, account }: Reading,
  leads: ReadonlySet<number>,
  from: number,
  to: number,
): Promise<boolean> {
  if (from >= to) return true;
  let stored = 0;
  for (const lead of leads) stored += account.devices.get(lead)?.samples ?? 0;
  if (stored <= CHEAP_SAMPLES) return true;
  const store = tx.objectStore('chunks');
  const pages = await Promise.all(
    [...leads].map((lead) => store.getAllKeys(chunkRange(lead, from, to), CHEAP_CHUNKS + 1)),
  );
  return pages.reduce((sum, keys) => sum + keys.length, 0) <= CHEAP_CHUNKS;
}

/**
 * Cuts a range where the detail changes: what is older than the samples that are kept is read from minutes, and what is
 * older than those from hours. The cuts are at whole hours, so no bucket is read twice or half.
 */
export function stretches({ account }: Reading, from: number, to: number, detail: Detail): Stretch[] {
  const { samples, minutes } = account.floors;
  const finest = [
    { from: -Infinity, to: minutes, detail: HOUR },
    { from: minutes, to: samples, detail: detail === 'samples' ? MINUTE : detail },
    { from: Math.max(samples, minutes), to: Infinity, detail },
  ] as const;
  return finest
    .map((stretch) => ({ ...stretch, from: Math.max(stretch.from, from), to: Math.min(stretch.to, to) }))
    .filter((stretch) => stretch.from < stretch.to);
}
