/** Time as the engine sees it; tests pass one that they move by hand. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Milliseconds since some fixed moment, that setting the computer's clock does not move. May stand still in a sleep. */
  elapsed(): number;
  /** Calls `run` once after `ms`; the answer takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's clock. Worker timers are not throttled in hidden tabs; page timers are. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
