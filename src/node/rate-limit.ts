/** A token bucket: `rate` a second on average, `burst` at once. */
export class RateLimit {
  #tokens: number;
  #filledAt: number;

  /** @param now monotonic milliseconds */
  constructor(
    readonly rate: number,
    readonly burst: number,
    now: number,
  ) {
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Whether one more is within the limit; counts it if so. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.rate);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
