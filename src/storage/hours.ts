import { HOUR, rollUp } from '../model/rollup.ts';
import type { Table } from '../model/table.ts';
import type { HourRecord } from './records.ts';
import type { Transaction } from './schema.ts';

/** Older ones are deleted: the rollups of each series have them too. */
const KEPT_HOURS = 48;

/** One series in one hour. */
export interface HourEntry {
  count: number;
  min: number;
  max: number;
  sum: number;
}

/** Adds one value to an entry, or begins it. */
export function addOne(entries: Map<number, HourEntry>, series: number, value: number): void {
  const entry = entries.get(series);
  if (entry === undefined) {
    entries.set(series, { count: 1, min: value, max: value, sum: value });
    return;
  }
  entry.count++;
  entry.sum += value;
  if (value < entry.min) entry.min = value;
  if (value > entry.max) entry.max = value;
}

/** Adds to an entry, or begins it. */
function addToHour(entries: Map<number, HourEntry>, series: number, more: HourEntry): void {
  const entry = entries.get(series);
  if (entry === undefined) {
    entries.set(series, { ...more });
    return;
  }
  entry.count += more.count;
  entry.sum += more.sum;
  if (more.min < entry.min) entry.min = more.min;
  if (more.max > entry.max) entry.max = more.max;
}

/** Adds what is in a stored hour. */
export function addHour(entries: Map<number, HourEntry>, record: HourRecord): void {
  for (let i = 0; i < record.series.length; i++) {
    const more = { count: record.count[i]!, min: record.min[i]!, max: record.max[i]!, sum: record.sum[i]! };
    addToHour(entries, record.series[i]!, more);
  }
}

function recordOf(hour: number, entries: ReadonlyMap<number, HourEntry>): HourRecord {
  const all = [...entries.values()];
  return {
    hour,
    series: Uint32Array.from(entries.keys()),
    count: Float64Array.from(all, ({ count }) => count),
    min: Float64Array.from(all, ({ min }) => min),
    max: Float64Array.from(all, ({ max }) => max),
    sum: Float64Array.from(all, ({ sum }) => sum),
  };
}

/** What some hours add up to, by hour and series. */
export type Hours = ReadonlyMap<number, Map<number, HourEntry>>;

/** Sums up the numbers of tables by hour. `pause` comes between the steps. */
export async function hoursOf(
  tables: Iterable<Table>,
  pause: () => Promise<void> | undefined,
): Promise<Hours> {
  const hours = new Map<number, Map<number, HourEntry>>();
  for (const { t, columns } of tables) {
    await pause();
    for (const column of columns) {
      const { bucket, count, min, max, sum } = rollUp(t, column, HOUR);
      for (let i = 0; i < bucket.length; i++) {
        let entries = hours.get(bucket[i]!);
        if (entries === undefined) hours.set(bucket[i]!, (entries = new Map()));
        const more = { count: count[i]!, min: min[i]!, max: max[i]!, sum: sum[i]! };
        addToHour(entries, column.series, more);
      }
    }
  }
  return hours;
}

/** Adds to the hours that are kept, within the transaction that takes what is added out of the log. */
export async function addToHours(tx: Transaction<'readwrite'>, hours: Hours): Promise<void> {
  const store = tx.objectStore('hours');
  const newest = [...hours.keys()].reduce((a, b) => Math.max(a, b), (await store.getAllKeys()).at(-1) ?? 0);
  for (const [hour, entries] of hours) {
    if (hour <= newest - KEPT_HOURS) continue;
    const before = await store.get(hour);
    if (before !== undefined) addHour(entries, before);
    await store.put(recordOf(hour, entries));
  }
  await store.delete(IDBKeyRange.upperBound(newest - KEPT_HOURS));
}

/** Adds the hours that begin in `[from, to)`, epoch ms. */
export async function readHours(
  tx: Transaction,
  from: number,
  to: number,
  entries: Map<number, HourEntry>,
): Promise<void> {
  const range = IDBKeyRange.bound(from / HOUR, to / HOUR, false, true);
  for (const record of await tx.objectStore('hours').getAll(range)) addHour(entries, record);
}
