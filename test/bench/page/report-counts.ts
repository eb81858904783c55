/** What a worker of the bench tells its page. */
export interface Counts {
  readonly ready: true;
  readonly count: number;
}

const PAUSE_MS = 16;

/** Tells the page how far the worker has counted, often enough for a closed loop and too seldom to cost anything. */
export function reportCounts(count: () => number): void {
  let told = -1;
  setInterval(() => {
    if (told === count()) return;
    told = count();
    postMessage({ ready: true, count: told } satisfies Counts);
  }, PAUSE_MS);
}
