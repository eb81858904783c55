import type { Clock } from './clock.ts';

/** The computer's clock may be off by so much from one second to the next before it counts as set. */
const JUMP_MS = 1_000;
/** This worker stood still for longer: nobody listened. */
const PAUSE_MS = 10_000;

/** Tells true time from a clock that was set, and from a worker that stood still. */
export class SteadyTime {
  readonly #clock: Clock;
  #now: number;
  #elapsed: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#now = clock.now();
    this.#elapsed = clock.elapsed();
  }

  /**
   * To be asked at least once a second, and as often as one likes. Answers by how many ms the clock was set since the last
   * time, and since when this worker stood still, where it did; `undefined` for neither.
   */
  look(now: number): { readonly jump?: number; readonly pausedSince?: number } | undefined {
    if (now >= this.#now && now - this.#now < JUMP_MS) return undefined;
    const before = this.#now;
    const elapsed = this.#clock.elapsed();
    const passed = elapsed - this.#elapsed;
    const jump = now - before - passed;
    this.#now = now;
    this.#elapsed = elapsed;
    const isSet = Math.abs(jump) > JUMP_MS;
    const paused = passed > PAUSE_MS;
    if (!isSet && !paused) return undefined;
    return { ...(isSet && { jump }), ...(paused && { pausedSince: isSet ? before + jump : before }) };
  }
}
