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

/** A run of fewer samples is sooner added one by one. */
const FEW = 8;

/** Classes of intervals: below 64 ms each has its own, above it 32 to the power of two. */
const FINE_BITS = 5;
const CLASSES = 32 * 32;

/** How often samples follow one another after how long, in a fixed amount of memory. */
class Intervals {
  readonly #count = new Uint32Array(CLASSES);
  /** One interval of each class, so that an even pace comes out exactly. */
  readonly #interval = new Float64Array(CLASSES);
  #last = NaN;
  #lastIndex = 0;

  add(interval: number): void {
    // Most devices keep their pace.
    if (interval === this.#last) {
      this.#count[this.#lastIndex]!++;
      return;
    }
    const whole = Math.min(2 ** 31 - 1, Math.ceil(interval));
    const bits = Math.max(FINE_BITS, 31 - Math.clz32(whole));
    const index = (bits - FINE_BITS) * 32 + (whole >>> (bits - FINE_BITS));
    this.#count[index]!++;
    this.#interval[index] = interval;
    this.#last = interval;
    this.#lastIndex = index;
  }

  median(): number {
    const total = this.#count.reduce((sum, count) => sum + count, 0);
    let seen = 0;
    for (let i = 0; i < CLASSES; i++) {
      seen += this.#count[i]!;
      if (total > 0 && seen * 2 >= total) return this.#interval[i]!;
    }
    return 0;
  }
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
  readonly #intervals = new Intervals();
  /** Points that were added, and samples that they stand for. */
  #added = 0;
  #samples = 0;
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
    return this.#samples;
  }

  /** Silence longer than this (ms) is a break: three median intervals, at least 30 s and what one column hides. */
  get breakAfter(): number {
    const hidden = this.#all === undefined ? (this.#to - this.#from) / this.#columns : 0;
    return Math.max(MIN_BREAK_MS, 3 * this.#intervals.median(), hidden);
  }

  /** Adds a sample; one outside the range is left out. */
  add(t: number, value: number): void {
    if (t < this.#from || t >= this.#to) return;
    this.#samples++;
    this.#follow(t);
    this.#point(t, value);
  }

  /** Adds the samples `[begin, end)`, whose times never fall: the same as `add` for each, and several times as fast. */
  addRising(t: Float64Array, value: Float64Array, begin: number, end: number): void {
    let i = begin;
    // Of many channels side by side hardly two samples of one follow each other.
    if (end - begin < FEW) for (; i < end; i++) this.add(t[i]!, value[i]!);
    while (i < end && (this.#all !== undefined || t[i]! < this.#from)) this.add(t[i]!, value[i++]!);
    while (i < end && t[i]! < this.#to) i = this.#addColumn(t, value, i, end);
  }

  /** Adds the samples from `begin` on that fall into one column; answers where they end. */
  #addColumn(t: Float64Array, value: Float64Array, begin: number, end: number): number {
    const column = this.#columnOf(t[begin]!);
    let [next, high] = [begin + 1, end];
    while (next < high) {
      const middle = (next + high) >>> 1;
      if (t[middle]! < this.#to && this.#columnOf(t[middle]!) === column) next = middle + 1;
      else high = middle;
    }
    let [min, max] = [begin, begin];
    for (let i = begin; i < next; i++) {
      if (value[i]! < value[min]!) min = i;
      if (value[i]! > value[max]!) max = i;
      this.#follow(t[i]!);
    }
    // In the order in which they came; what is none of these has no role.
    for (const i of [begin, Math.min(min, max), Math.max(min, max), next - 1])
      this.#place(t[i]!, value[i]!, this.#added + 1 + i - begin);
    this.#samples += next - begin;
    this.#added += next - begin;
    return next;
  }

  /** Adds `count` samples of which only the smallest and the largest are known, around `t`; or none, as `add` does. */
  addSummary(t: number, count: number, min: number, max: number): void {
    if (t < this.#from || t >= this.#to) return;
    this.#samples += count;
    this.#follow(t);
    this.#point(t, min);
    if (max !== min) this.#point(t, max);
  }

  #follow(t: number): void {
    const interval = t - this.#previous;
    this.#previous = t;
    if (interval > 0) this.#intervals.add(interval);
  }

  #point(t: number, value: number): void {
    this.#added++;
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
    const i = this.#columnOf(t) * ROLES;
    const isNew = this.#order[i] === 0;
    if (isNew || t < this.#at[i + FIRST]!) this.#set(i + FIRST, t, value, order);
    if (isNew || value < this.#value[i + MIN]!) this.#set(i + MIN, t, value, order);
    if (isNew || value > this.#value[i + MAX]!) this.#set(i + MAX, t, value, order);
    if (isNew || t >= this.#at[i + LAST]!) this.#set(i + LAST, t, value, order);
  }

  #columnOf(t: number): number {
    const share = (t - this.#from) / (this.#to - this.#from);
    return Math.min(this.#columns - 1, Math.floor(share * this.#columns));
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
