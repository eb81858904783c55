/** Points for a chart, in order of time. */
export interface Points {
  readonly at: Float64Array;
  readonly value: Float64Array;
}

/** Silence is never called a break below this, ms. */
const MIN_BREAK_MS = 30_000;
/** First, smallest, largest and last sample of a column. */
const ROLES = 4;
const FIRST = 0;
const MIN = 1;
const MAX = 2;
const LAST = 3;

/** Three significant digits: 1,234 ms counts as 1,230 ms, so that jitter cannot make the count grow without bound. */
function rounded(interval: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(interval)) - 2);
  return Math.round(interval / step) * step;
}

function medianOf(counts: ReadonlyMap<number, number>): number {
  const sorted = [...counts].sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [interval, count] of sorted) {
    seen += count;
    if (seen * 2 >= total) return interval;
  }
  return 0;
}

/**
 * Thins samples out to at most two points per pixel that draw the same picture. The range is cut into columns two
 * pixels wide and each keeps its first, smallest, largest and last sample (M4: Jugel et al., VLDB 2014), so lines
 * enter and leave a column where they did, a spike stays, and a step holds the value that it ended with. Every point is
 * a sample that was received, none is computed. Up to two samples per pixel all of them stay.
 *
 * Samples may come in any order; of equal times the one added first counts as first. Memory depends on `pixels` only.
 */
export class Decimator {
  readonly #from: number;
  readonly #to: number;
  readonly #limit: number;
  readonly #columns: number;
  readonly #intervals = new Map<number, number>();
  #added = 0;
  #previous = NaN;
  /** All samples, until there are too many. */
  #all: { at: number[]; value: number[] } | undefined = { at: [], value: [] };
  /** By column and role. `#order` is the position in which a sample was added, 0 for none. */
  #at = new Float64Array();
  #value = new Float64Array();
  #order = new Float64Array();

  /** `[from, to)` in epoch ms; `pixels` is the chart's width, at least 1. */
  constructor(from: number, to: number, pixels: number) {
    const width = Math.max(2, Math.floor(pixels));
    this.#from = from;
    this.#to = to;
    this.#limit = 2 * width;
    this.#columns = Math.floor(width / 2);
  }

  /** How many samples of the range were added. */
  get samples(): number {
    return this.#added;
  }

  /** Silence longer than this (ms) is a break: three median intervals, at least 30 s and what one column hides. */
  get breakAfter(): number {
    const hidden = this.#all === undefined ? (this.#to - this.#from) / this.#columns : 0;
    return Math.max(MIN_BREAK_MS, 3 * medianOf(this.#intervals), hidden);
  }

  /** Adds a sample; one outside the range is left out. */
  add(t: number, value: number): void {
    if (t < this.#from || t >= this.#to) return;
    this.#added++;
    const interval = t - this.#previous;
    this.#previous = t;
    if (interval > 0) {
      const key = rounded(interval);
      this.#intervals.set(key, (this.#intervals.get(key) ?? 0) + 1);
    }
    if (this.#all === undefined) {
      this.#place(t, value, this.#added);
    } else {
      this.#all.at.push(t);
      this.#all.value.push(value);
      if (this.#added > this.#limit) this.#startColumns(this.#all);
    }
  }

  /** What was added, thinned out, in order of time. */
  points(): Points {
    if (this.#all !== undefined) {
      const { at, value } = this.#all;
      return pick(
        at,
        value,
        [...at.keys()].sort((a, b) => at[a]! - at[b]! || a - b),
      );
    }
    const chosen: number[] = [];
    for (let first = 0; first < this.#order.length; first += ROLES) {
      if (this.#order[first] === 0) continue;
      const roles = [first + FIRST, first + MIN, first + MAX, first + LAST];
      roles.sort((a, b) => this.#at[a]! - this.#at[b]! || this.#order[a]! - this.#order[b]!);
      for (const [i, role] of roles.entries()) {
        // One sample can be several: the first and the smallest, say.
        if (i === 0 || this.#order[role] !== this.#order[roles[i - 1]!]) chosen.push(role);
      }
    }
    return pick(this.#at, this.#value, chosen);
  }

  #startColumns(all: { at: number[]; value: number[] }): void {
    const size = this.#columns * ROLES;
    this.#at = new Float64Array(size);
    this.#value = new Float64Array(size);
    this.#order = new Float64Array(size);
    for (const [i, t] of all.at.entries()) this.#place(t, all.value[i]!, i + 1);
    this.#all = undefined;
  }

  #place(t: number, value: number, order: number): void {
    const share = (t - this.#from) / (this.#to - this.#from);
    const column = Math.min(this.#columns - 1, Math.floor(share * this.#columns));
    const i = column * ROLES;
    const isNew = this.#order[i] === 0;
    if (isNew || t < this.#at[i + FIRST]!) this.#set(i + FIRST, t, value, order);
    if (isNew || value < this.#value[i + MIN]!) this.#set(i + MIN, t, value, order);
    if (isNew || value > this.#value[i + MAX]!) this.#set(i + MAX, t, value, order);
    if (isNew || t >= this.#at[i + LAST]!) this.#set(i + LAST, t, value, order);
  }

  #set(i: number, t: number, value: number, order: number): void {
    this.#at[i] = t;
    this.#value[i] = value;
    this.#order[i] = order;
  }
}

function pick(at: ArrayLike<number>, value: ArrayLike<number>, chosen: readonly number[]): Points {
  return {
    at: Float64Array.from(chosen, (i) => at[i]!),
    value: Float64Array.from(chosen, (i) => value[i]!),
  };
}
