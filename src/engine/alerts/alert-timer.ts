import type { Watched } from '../live/alert-plan.ts';
import type { Clock } from '../time/clock.ts';
import { DueList } from './due-list.ts';

/** A browser's timer counts to 2^31 - 1 ms; beyond that it would run at once. */
const LONGEST_MS = 2 ** 30;

/** Calls for what has to be looked at by time alone, at its time: one timer for all of it. */
export class AlertTimer {
  readonly #clock: Clock;
  readonly #tick: (watched: Watched, now: number) => void;
  readonly #due = new DueList<Watched>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock, tick: (watched: Watched, now: number) => void) {
    this.#clock = clock;
    this.#tick = tick;
  }

  /** Notes when a watch is due. To be followed by {@link arm}. */
  schedule(watched: Watched): void {
    const { due } = watched.watch;
    // One that is put off is found out when it comes up; only one that is due sooner needs another place.
    if (due === Infinity || due >= watched.due) return;
    watched.due = due;
    this.#due.push(due, watched);
  }

  /** Sets the timer for the first that is due. */
  arm(): void {
    const { next } = this.#due;
    if (next === Infinity || (this.#timer && this.#timer.at <= next)) return;
    this.#timer?.cancel();
    const wait = Math.min(LONGEST_MS, Math.max(0, next - this.#clock.now()));
    const cancel = this.#clock.after(wait, () => {
      this.#timer = undefined;
      this.#run();
    });
    this.#timer = { at: next, cancel };
  }

  /** Forgets everything that is due. */
  clear(): void {
    this.#due.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #run(): void {
    const now = this.#clock.now();
    for (let watched = this.#due.pop(now); watched; watched = this.#due.pop(now)) {
      // Not watched any more, or its place in the list is an old one.
      if (watched.due > now) continue;
      watched.due = Infinity;
      this.#tick(watched, now);
    }
    this.arm();
  }
}
