const FLOOR_MS = 500;
const BASE_MS = 1_000;
const CAP_VISIBLE_MS = 10_000;
const CAP_HIDDEN_MS = 60_000;
/** A link that lasted this long starts counting afresh. */
export const STABLE_MS = 30_000;

/**
 * How long to wait before the next attempt, in ms: full jitter over an exponential ceiling, so that many pages do not
 * return at the same moment. `failures` counts from 0, `random` is in [0, 1).
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter), with a floor.
 */
export function reconnectDelay(failures: number, random: number, page: 'visible' | 'hidden'): number {
  const cap = page === 'visible' ? CAP_VISIBLE_MS : CAP_HIDDEN_MS;
  const ceiling = Math.min(cap, BASE_MS * 2 ** Math.min(failures, 16));
  return FLOOR_MS + random * (ceiling - FLOOR_MS);
}
