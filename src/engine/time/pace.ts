import type { Command } from '../../model/command.ts';
import type { Clock } from './clock.ts';

/** Lets the commands of a batch go one after the other, so that neither the broker nor the devices get all of them at once. */
export class Pace {
  readonly #clock: Clock;
  /** By batch: when the next of them may go, on the clock that nobody can set. */
  readonly #next = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until a command may go; 0 for one that is alone. */
  wait({ batch }: Command): number {
    return batch ? Math.max(0, (this.#next.get(batch.id) ?? 0) - this.#clock.elapsed()) : 0;
  }

  /** A command goes now. */
  goes({ batch }: Command): void {
    if (!batch) return;
    const now = this.#clock.elapsed();
    // A timer that was late may be made up for, but only by one.
    this.#next.set(batch.id, Math.max(this.#next.get(batch.id) ?? now, now - batch.gap) + batch.gap);
  }
}
