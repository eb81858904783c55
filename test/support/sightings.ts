import type { Page } from '@playwright/test';
import type { FromEngine } from '../../src/engine-api/wire.ts';

/** A live number that crossed from the engine to a page: epoch ms and the number. */
export interface Sighting {
  readonly at: number;
  readonly n: number;
}

/**
 * Has a page, from its next load on, note each live number higher than the one before, at the moment at which its frame
 * arrives. Not at the drawing: tabs in the background of one window draw about once a second.
 */
export async function noteSightings(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: { at: number; n: number }[] = [];
    Object.assign(window, { sightings: seen });
    const note = ({ data }: MessageEvent<FromEngine>) => {
      const values = data.type === 'frame' ? data.frame.values : undefined;
      values?.number.forEach((n, i) => {
        if (values.source[i] === 0 && n > (seen.at(-1)?.n ?? -1)) seen.push({ at: Date.now(), n });
      });
    };
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', note);
      }
    };
  });
}

/** What a page has noted so far. */
export function sightingsOf(page: Page): Promise<readonly Sighting[]> {
  return page.evaluate(() => (window as unknown as { sightings: Sighting[] }).sightings);
}

/** The longest time (ms) without a new number that ended after `since`. */
export function longestSilence(seen: readonly Sighting[], since: number): number {
  let longest = 0;
  for (let i = 1; i < seen.length; i++) {
    const [before, after] = [seen[i - 1]!, seen[i]!];
    if (after.at > since) longest = Math.max(longest, after.at - before.at);
  }
  return longest;
}
