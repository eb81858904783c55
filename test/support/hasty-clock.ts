import type { Clock } from '../../src/engine/time/clock.ts';

/** Real time, run through faster, with jumps: what takes minutes takes seconds, and real sockets have their part in it. */
export class HastyClock implements Clock {
  readonly #began = performance.now();
  readonly #factor: number;
  #slept = 0;
  /** How late (ms) the latest timer has come: what a busy machine adds. */
  latest = 0;

  /** @param factor how many seconds pass in one */
  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return 1_790_000_000_000 + this.elapsed() + this.#slept;
  }

  elapsed(): number {
    return (performance.now() - this.#began) * this.#factor;
  }

  after(ms: number, run: () => void): () => void {
    const due = this.elapsed() + ms;
    const timer = setTimeout(
      () => {
        this.latest = Math.max(this.latest, this.elapsed() - due);
        run();
      },
      Math.max(0, ms) / this.#factor,
    );
    return () => clearTimeout(timer);
  }

  /** The machine was asleep for so long: timers stood still, the date did not. */
  sleep(ms: number): void {
    this.#slept += ms;
  }
}
