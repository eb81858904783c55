/** Long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 30_000;

/** Messages or bytes a minute, from a counter that only grows. */
export class MessageRate {
  #readings: { readonly at: number; readonly count: number }[] = [];

  /** Takes a reading of the counter at `at` (epoch ms). A counter that fell started again. */
  add(at: number, count: number): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && count < last.count) this.#readings = [];
    this.#readings.push({ at, count });
    while (this.#readings.length > 2 && at - (this.#readings[1]?.at ?? at) > WINDOW_MS)
      this.#readings.shift();
  }

  /** The mean over the last 30 s, per minute; `undefined` until two seconds have been seen. */
  perMinute(now: number): number | undefined {
    const first = this.#readings[0];
    const last = this.#readings.at(-1);
    if (first === undefined || last === undefined || now - first.at < 2000) return undefined;
    return Math.round(((last.count - first.count) / (now - first.at)) * 60_000);
  }

  /** Forgets every reading: another link begins. */
  reset(): void {
    this.#readings = [];
  }
}
