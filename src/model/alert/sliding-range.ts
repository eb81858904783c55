const SLOTS = 60;

/**
 * The smallest and the largest number of the last `span` ms, in a fixed number of slots whatever the rate: what is older
 * than the span never counts, of what is nearly as old up to a sixtieth may be missing.
 */
export class SlidingRange {
  readonly #slot: number;
  readonly #min = new Float64Array(SLOTS);
  readonly #max = new Float64Array(SLOTS);
  /** Which slot of time each place holds. */
  readonly #of = new Float64Array(SLOTS).fill(-1);
  #shifted = 0;
  min = NaN;
  max = NaN;

  constructor(span: number) {
    this.#slot = span / SLOTS;
  }

  /** Takes a number in; `min` and `max` are those of the span that ends with it. Times do not go back. */
  add(at: number, value: number): void {
    const now = Math.floor((at - this.#shifted) / this.#slot);
    const place = now % SLOTS;
    if (this.#of[place] !== now) {
      this.#of[place] = now;
      this.#min[place] = this.#max[place] = value;
    } else {
      this.#min[place] = Math.min(this.#min[place]!, value);
      this.#max[place] = Math.max(this.#max[place]!, value);
    }
    this.min = this.max = value;
    for (let i = 0; i < SLOTS; i++) {
      if (this.#of[i]! <= now - SLOTS || this.#of[i]! < 0) continue;
      this.min = Math.min(this.min, this.#min[i]!);
      this.max = Math.max(this.max, this.#max[i]!);
    }
  }

  clear(): void {
    this.#of.fill(-1);
  }

  /** Time was set by so many ms. */
  shift(ms: number): void {
    this.#shifted += ms;
  }
}
