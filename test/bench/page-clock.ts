import type { Tab } from './cdp.ts';
import { preciseNow } from './pace.ts';

const TRIES = 30;

/** How far the page's clock is ahead of this process's, ms: taken where asking took the shortest. */
export async function pageClockAhead(tab: Tab): Promise<number> {
  let best = { took: Infinity, ahead: 0 };
  for (let i = 0; i < TRIES; i++) {
    const before = preciseNow();
    const page = await tab.evaluate<number>('performance.timeOrigin + performance.now()');
    const after = preciseNow();
    if (after - before < best.took) best = { took: after - before, ahead: page - (before + after) / 2 };
  }
  return best.ahead;
}
