// What every page of the bench offers to the driver, the built app with its probe included.

/** Taken in one moment. Times are ms of the page's own `performance.now()`. */
export interface PageReading {
  /** Messages counted by the consumer, and when the page learned of the last of them. */
  readonly received: number;
  readonly at: number;
  /** Samples that the consumer has made durable. */
  readonly stored: number;
  readonly frames: number;
  readonly now: number;
  /** Durations of tasks of 50 ms and more, ms. */
  readonly longTasks: readonly number[];
}

/** Anything that a single row needs beside the reading. */
export interface BenchPage {
  read(): PageReading;
  counted(received: number, stored?: number): void;
  [extra: string]: unknown;
}

declare global {
  var bench: BenchPage;
}

let [received, stored, at, frames] = [0, 0, 0, 0];
const longTasks: number[] = [];

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longTasks.push(duration);
}).observe({ type: 'longtask' });

function countFrame(): void {
  frames += 1;
  requestAnimationFrame(countFrame);
}
requestAnimationFrame(countFrame);

/** The page's one object that the driver talks to. */
export const benchPage: BenchPage = {
  read: () => ({ received, stored, at, frames, now: performance.now(), longTasks: longTasks.splice(0) }),
  counted(count, durable = stored) {
    received = count;
    stored = durable;
    at = performance.now();
  },
};
globalThis.bench = benchPage;

/** What the driver put into the page's address. */
export function parameters<Wanted>(): Wanted {
  return JSON.parse(decodeURIComponent(location.hash.slice(1))) as Wanted;
}
