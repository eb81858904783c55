import type { BatchRecord } from './batches.ts';

/**
 * Batches that this tab has written or has just read, in the order in which they were written and without holes, so that neither
 * merging nor drawing the last minutes reads back what was in memory a moment ago. Never changed: whoever took one
 * together with a view of the store keeps what was so then.
 */
export type LogCache = readonly BatchRecord[];

/** The batches from `first` (the oldest in the log) to `last`; `undefined` when some of them are not in memory. */
export function cachedBetween(cache: LogCache, first: number, last: number): LogCache | undefined {
  const found = cache.filter(({ seq }) => seq >= first && seq <= last);
  return found.length === Math.max(0, last - first + 1) ? found : undefined;
}
