import type { Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs, of a clock that all events share. */
  readonly ts: number;
  /** µs by the clock. */
  readonly dur?: number;
  /** µs of the thread's own time: another process on the machine does not count. Missing where it was less than one. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** What the main thread of a page did while it was watched. */
export interface MainThreadWork {
  /** How many tasks it had. */
  readonly tasks: number;
  /** The longest of them, with its layout and painting, ms. */
  readonly longest: number;
  /** The most that it had to do between two drawings, of its own time, ms. */
  readonly busiest: number;
  /** ms between two drawings by the clock: also those that the machine had no time for. */
  readonly gaps: readonly number[];
  /** A task that was made long on purpose, ms: proves that the watch sees. */
  readonly madeLong: number;
}

/** Of wall time: on a busy machine the thread's own is less. */
const MADE_LONG_MS = 200;
/** What the page marks each drawing with. */
const DRAWING = 'drawing';

/** Watches the main thread of `page` while `during` runs, and then sees a task that is made long on purpose. */
export async function watchMainThread(page: Page, during: () => Promise<void>): Promise<MainThreadWork> {
  await page.evaluate((name) => {
    const mark = () => {
      performance.mark(name);
      requestAnimationFrame(mark);
    };
    requestAnimationFrame(mark);
  }, DRAWING);
  const { tasks, drawings } = await traced(page, during);
  const made = await traced(page, () =>
    page.evaluate(
      (ms) =>
        new Promise<void>((resolve) => {
          setTimeout(() => {
            const end = performance.now() + ms;
            while (performance.now() < end);
            setTimeout(resolve);
          });
        }),
      MADE_LONG_MS,
    ),
  );
  const between = drawings.slice(1).map((drawn, i) => {
    const [from, to] = [drawings[i] ?? 0, drawn];
    return tasks.filter(({ ts }) => ts > from && ts <= to).reduce((sum, task) => sum + own(task), 0);
  });
  return {
    tasks: tasks.length,
    longest: Math.max(...tasks.map(own)),
    busiest: Math.max(...between),
    gaps: drawings.slice(1).map((drawn, i) => (drawn - (drawings[i] ?? 0)) / 1_000),
    madeLong: Math.max(...made.tasks.map(own)),
  };
}

/** ms of the thread's own time. */
const own = ({ dur = NaN, tdur = dur }: TraceEvent): number => tdur / 1_000;

/** The tasks of the main thread, and when it drew. */
async function traced(
  page: Page,
  during: () => Promise<void>,
): Promise<{ readonly tasks: readonly TraceEvent[]; readonly drawings: readonly number[] }> {
  const browser = page.context().browser();
  if (!browser) throw new Error('This page has no browser that could be traced.');
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  let trace: Buffer;
  try {
    await during();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(thread),
  );
  const tasks = traceEvents.filter(
    (event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(thread(event)),
  );
  if (tasks.length === 0) throw new Error('No task of the main thread was traced.');
  const drawings = traceEvents
    .filter((event) => event.name === DRAWING && main.has(thread(event)))
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  return { tasks, drawings };
}
