import { setTimeout as delay } from 'node:timers/promises';
import type { Chromium, Tab } from './cdp.ts';
import type { LoadSource } from './load-source.ts';
import type { PageReading } from './page/bench-page.ts';
import { rendererCpu } from './process-cpu.ts';
import type { FloodWish } from './source-messages.ts';

/** What a consumer did while it got as many messages as it could take. */
export interface FloodRun {
  readonly messagesPerSecond: number;
  readonly storedPerSecond: number;
  /** CPU of all renderers of the browser, µs for each message. */
  readonly cpuPerMessage: number;
  readonly fps: number;
  /** Durations of tasks of 50 ms and more on the page's main thread, ms. */
  readonly longTasks: readonly number[];
  /** Messages sent and received in all, warming up included. */
  readonly messages: number;
}

export interface FloodPlan {
  readonly chromium: Chromium;
  readonly tab: Tab;
  readonly source: LoadSource;
  readonly wish: FloodWish;
  readonly warmMs: number;
  readonly windowMs: number;
}

/** The page hears of counts sixty times a second. */
const POLL_MS = 16;
const DRAIN_MS = 15_000;

/**
 * Floods a consumer in a closed loop and measures it for a while.
 * @throws Error when it has not received exactly what was sent, some seconds after the end
 */
export async function measureFlood(plan: FloodPlan): Promise<FloodRun> {
  const { chromium, tab, source, wish, warmMs, windowMs } = plan;
  const base = (await read(tab)).received;
  const poll = async (): Promise<PageReading> => {
    const reading = await read(tab);
    source.counted(reading.received - base);
    return reading;
  };
  const pollFor = async (ms: number, longTasks: number[]): Promise<PageReading> => {
    for (const end = performance.now() + ms; ; await delay(POLL_MS)) {
      const reading = await poll();
      longTasks.push(...reading.longTasks);
      if (performance.now() >= end) return reading;
    }
  };

  source.flood(wish);
  const before = await pollFor(warmMs, []);
  const cpuBefore = rendererCpu(chromium.pid);
  const longTasks: number[] = [];
  const after = await pollFor(windowMs, longTasks);
  const cpu = rendererCpu(chromium.pid) - cpuBefore;
  const { count: sent } = await source.halt();

  const received = await drained(poll, base, sent);
  const [messages, seconds] = [after.received - before.received, (after.at - before.at) / 1000];
  return {
    messagesPerSecond: messages / seconds,
    storedPerSecond: (after.stored - before.stored) / ((after.now - before.now) / 1000),
    cpuPerMessage: (cpu / messages) * 1e6,
    fps: ((after.frames - before.frames) / (after.now - before.now)) * 1000,
    longTasks,
    messages: received,
  };
}

function read(tab: Tab): Promise<PageReading> {
  return tab.evaluate<PageReading>('bench.read()');
}

async function drained(poll: () => Promise<PageReading>, base: number, sent: number): Promise<number> {
  for (const end = performance.now() + DRAIN_MS; ; await delay(POLL_MS)) {
    const received = (await poll()).received - base;
    if (received === sent) return received;
    if (received > sent || performance.now() > end) {
      throw new Error(`${sent} messages were sent and ${received} received.`);
    }
  }
}
