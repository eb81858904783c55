import type { Clock } from './clock.ts';

/** Runs something soon after it is asked for: at once when it has not run for a while, else once for all that asked. */
export class Paced {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #run: () => void;
  #wanted = false;
  #cancel: (() => void) | undefined;

  /** @param ms from one run to the next, at least */
  constructor(clock: Clock, ms: number, run: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#run = run;
  }

  soon(): void {
    if (this.#cancel) {
      this.#wanted = true;
      return;
    }
    this.#cancel = this.#clock.after(this.#ms, () => {
      this.#cancel = undefined;
      if (this.#wanted) this.soon();
    });
    this.#wanted = false;
    this.#run();
  }

  stop(): void {
    this.#cancel?.();
  }
}
