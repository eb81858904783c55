const SLOTS = 30;

/**
 * The smallest and the largest number of the last `span` ms, in a fixed number of slots whatever the rate: what is older
 * than the span never counts, of what is nearly as old up to a thirtieth may be missing.
 */
export class SlidingRange {
  readonly #slot: number;
  readonly #min = new Float64Array(SLOTS);
  readonly #max = new Float64Array(SLOTS);
  /** Which slot of time each place holds. */
  readonly #of = new Float64Array(SLOTS).fill(-1);
  #now = -1;
  #shifted = 0;
  min = NaN;
  max = NaN;

  constructor(span: number) {
    this.#slot = span / SLOTS;
  }

  /** Takes a number in, once or more than once; `min` and `max` are those of the span that ends with it. Times do not go back. */
  add(at: number, value: number): void {
    const now = Math.floor((at - this.#shifted) / this.#slot);
    if (now !== this.#now) this.#advance(now, value);
    const place = now % SLOTS;
    if (value < this.#min[place]!) this.#min[place] = value;
    if (value > this.#max[place]!) this.#max[place] = value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  clear(): void {
    this.#of.fill(-1);
    this.#now = -1;
  }

  /** Time was set by so many ms. */
  shift(ms: number): void {
    this.#shifted += ms;
  }

  /** Another slot begins: the oldest is over, and what is left is looked through once. */
  #advance(now: number, value: number): void {
    const place = now % SLOTS;
    this.#now = now;
    this.#of[place] = now;
    this.#min[place] = this.#max[place] = this.min = this.max = value;
    for (let i = 0; i < SLOTS; i++) {
      if (this.#of[i]! <= now - SLOTS || this.#of[i]! < 0) continue;
      this.min = Math.min(this.min, this.#min[i]!);
      this.max = Math.max(this.max, this.#max[i]!);
    }
  }
}
