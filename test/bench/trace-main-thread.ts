import { setTimeout as delay } from 'node:timers/promises';
import type { CdpConnection } from './cdp-connection.ts';

/** One task of a page's main thread, ms. */
export interface TracedTask {
  readonly duration: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs of wall time, and of the thread's own CPU time where the browser gives it. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Every task that the main threads of renderers begin within `ms`: what it takes with its microtasks, layout and painting. */
export async function traceMainThread(connection: CdpConnection, ms: number): Promise<readonly TracedTask[]> {
  const events: TraceEvent[] = [];
  connection.on<{ value: TraceEvent[] }>('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise<void>((resolve) => connection.on('Tracing.tracingComplete', () => resolve()));
  await connection.send('Tracing.start', { categories: '-*,toplevel', transferMode: 'ReportEvents' });
  await delay(ms);
  await connection.send('Tracing.end', {});
  await complete;
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  );
  return events
    .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(thread(event)))
    .map(({ dur = 0, tdur = dur }) => ({ duration: tdur / 1000 }));
}
