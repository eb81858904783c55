import type { Column } from './table.ts';
import { Kind } from './table.ts';
import { digitsOf } from './number-column.ts';

export const MINUTE = 60_000;
export const TEN_MINUTES = 600_000;
export const HOUR = 3_600_000;
/** Every width that is stored, ms: from one to the next it is never so far that a chart has many buckets to a pixel. */
export const WIDTHS = [MINUTE, TEN_MINUTES, HOUR] as const;
export type Width = (typeof WIDTHS)[number];
/** How many buckets a stored block spans: a day of minutes, ten days of ten minutes, 60 days of hours. */
export const BLOCK_BUCKETS = 1440;

/**
 * Numbers and booleans (as 0 and 1) of one series, summed up by bucket. Two rollups of different samples can be folded
 * into one, so what comes late is simply one more.
 */
export interface Rollup {
  /** Times divided by the width of a bucket, whole, rising. */
  readonly bucket: Float64Array;
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** f64 sum; where all values have few digits, without the digits that only the summing brought in. */
  readonly sum: Float64Array;
}

/** What a chart needs of a rollup. */
export type Extremes = Omit<Rollup, 'sum'>;

/** Rows on the way to a rollup, by bucket. */
class Buckets {
  /** Where each bucket is; made when one comes that is not the last or a later one, as most do. */
  #slot: Map<number, number> | undefined;
  #bucket: number[] = [];
  #count: number[] = [];
  #min: number[] = [];
  #max: number[] = [];
  #sum: number[] = [];

  add(bucket: number, count: number, min: number, max: number, sum: number): void {
    const i = this.#find(bucket);
    if (i === undefined) {
      this.#slot?.set(bucket, this.#bucket.length);
      this.#bucket.push(bucket);
      this.#count.push(count);
      this.#min.push(min);
      this.#max.push(max);
      this.#sum.push(sum);
      return;
    }
    this.#count[i]! += count;
    this.#sum[i]! += sum;
    if (min < this.#min[i]!) this.#min[i] = min;
    if (max > this.#max[i]!) this.#max[i] = max;
  }

  #find(bucket: number): number | undefined {
    if (this.#slot !== undefined) return this.#slot.get(bucket);
    const last = this.#bucket.length - 1;
    if (last < 0 || bucket > this.#bucket[last]!) return undefined;
    if (bucket === this.#bucket[last]) return last;
    this.#slot = new Map(this.#bucket.map((one, i) => [one, i]));
    return this.#slot.get(bucket);
  }

  rollup(): Rollup {
    const order = this.#slot && [...this.#bucket.keys()].sort((a, b) => this.#bucket[a]! - this.#bucket[b]!);
    const column = (values: readonly number[]) =>
      order ? Float64Array.from(order, (i) => values[i]!) : new Float64Array(values);
    const min = column(this.#min);
    const max = column(this.#max);
    return {
      bucket: column(this.#bucket),
      count: column(this.#count),
      min,
      max,
      sum: tidySum(column(this.#sum), min, max),
    };
  }
}

/** 0.1 + 0.2 is 0.3 again, and takes two bytes instead of eight. */
function tidySum(sum: Float64Array, min: Float64Array, max: Float64Array): Float64Array {
  const digits = Math.max(digitsOf(min) ?? 99, digitsOf(max) ?? 99);
  if (digits > 9) return sum;
  const unit = 10 ** digits;
  return sum.map((value) => {
    const whole = Math.round(value * unit);
    const tidy = whole / unit;
    const isNoise = Math.abs(whole) < 2 ** 49 && Math.abs(tidy - value) <= Math.abs(value) * 1e-10;
    return isNoise ? tidy : value;
  });
}

/** Sums up one column of a table whose rows came at `t`. Texts have no place in it. `width` in ms. */
export function rollUp(t: Float64Array, { rows, kinds, number }: Column, width: number): Rollup {
  const buckets = new Buckets();
  let bucket = NaN;
  let count = 0;
  let min = 0;
  let max = 0;
  let sum = 0;
  for (let i = 0; i < number.length; i++) {
    if ((typeof kinds === 'number' ? kinds : kinds[i]) === Kind.text) continue;
    const value = number[i]!;
    const here = Math.floor(t[rows === undefined ? i : rows[i]!]! / width);
    if (here !== bucket) {
      if (count > 0) buckets.add(bucket, count, min, max, sum);
      bucket = here;
      count = 1;
      min = max = sum = value;
      continue;
    }
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count > 0) buckets.add(bucket, count, min, max, sum);
  return buckets.rollup();
}

/** One rollup of several. `coarser` whole buckets become one: 60 makes hours of minutes. */
export function foldRollups(rollups: readonly Rollup[], coarser = 1): Rollup {
  const buckets = new Buckets();
  for (const { bucket, count, min, max, sum } of rollups) {
    for (let i = 0; i < bucket.length; i++) {
      buckets.add(Math.floor(bucket[i]! / coarser), count[i]!, min[i]!, max[i]!, sum[i]!);
    }
  }
  return buckets.rollup();
}

/** The part of a rollup whose buckets are in `[from, to)`. */
export function sliceRollup(rollup: Rollup, from: number, to: number): Rollup {
  const begin = rollup.bucket.findIndex((bucket) => bucket >= from);
  const end = rollup.bucket.findIndex((bucket) => bucket >= to);
  const cut = (column: Float64Array) =>
    begin < 0 ? new Float64Array() : column.slice(begin, end < 0 ? undefined : end);
  return {
    bucket: cut(rollup.bucket),
    count: cut(rollup.count),
    min: cut(rollup.min),
    max: cut(rollup.max),
    sum: cut(rollup.sum),
  };
}
