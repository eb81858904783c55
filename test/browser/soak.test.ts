import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppPage } from '../bench/app-page.ts';
import { startBenchMosquitto, type BenchMosquitto } from '../bench/brokers/bench-mosquitto.ts';
import { until, type Heap } from '../bench/cdp.ts';
import { databaseBytes } from '../bench/database-bytes.ts';
import { LoadSource } from '../bench/load-source.ts';
import type { PageReading } from '../bench/page/bench-page.ts';
import { BrowserWorld, LONG } from './browser-world.ts';
import { trendOf } from './trend.ts';

const MINUTES = LONG ? 30 : 1;
const DEVICES = 1000;
const PER_SECOND = 2000;
const SAMPLES_EACH = 2;
/** Caches fill and code is compiled: what is measured before is not counted. */
const WARM_MS = LONG ? 120_000 : 20_000;
const EVERY_MS = LONG ? 10_000 : 2_000;
const MB = 2 ** 20;
/**
 * A heap may rise by so much whatever its noise: sparklines fill up to 480 points a channel. One object of 100 bytes for
 * each message of the short form would be four times that.
 */
const LEAST = 2 * MB;
/** What the worker keeps of the log in memory is a sawtooth of this height, longer than the short form. */
const MOST_CACHED = 32 * MB;
/** Two logs, the one in use and the one that Chromium still compacts; and the goal for what has been compacted. */
const DISK_BYTES = 8 * MB;
const DISK_BYTES_A_READING = 8;

let broker: BenchMosquitto;
let world: BrowserWorld;
beforeAll(async () => {
  broker = await startBenchMosquitto();
  world = await BrowserWorld.start();
});
afterAll(async () => {
  await world.stop();
  await broker.stop();
});

const read = ({ tab }: AppPage) => tab.evaluate<PageReading>('bench.read()');
const inMb = (bytes: number) => (bytes / MB).toFixed(1);

test(`${MINUTES} minutes at ${PER_SECOND} messages a second from ${DEVICES} devices: flat heaps, nothing lost`, async () => {
  const url = world.app(broker.ws);
  const viewer = broker.credential('viewer');
  const page = await world.open(url, viewer);
  await page.tab.evaluate(`location.hash = '#/fleet'`);
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  const base = await read(page);
  const readings = {
    devices: DEVICES,
    shape: { kind: 'climate' },
    interval: (DEVICES / PER_SECOND) * 1000,
  } as const;
  source.pace({ readings, perSecond: PER_SECOND });

  const heaps: { page: Heap; worker: Heap }[] = [];
  const began = performance.now();
  const end = began + MINUTES * 60_000;
  for (let next = began + WARM_MS; next < end; next += EVERY_MS) {
    await delay(next - performance.now());
    heaps.push(await page.tab.heaps());
  }
  await delay(end - performance.now());
  const { count: sent } = await source.halt();
  await until(page.tab, `bench.read().received - ${base.received} >= ${sent}`, 'The last message', 30_000);
  await until(
    page.tab,
    `bench.read().stored - ${base.stored} >= ${SAMPLES_EACH * sent}`,
    'The last flush',
    30_000,
  );
  const after = await read(page);
  const samples = SAMPLES_EACH * sent;
  // It was the load that it should have been.
  expect(sent).toBeGreaterThan(0.98 * MINUTES * 60 * PER_SECOND);
  expect(after.received - base.received).toBe(sent);
  expect(after.stored - base.stored).toBe(samples);

  const rows = [
    ['page, objects', heaps.map((heap) => heap.page.used), true],
    ['page, arrays', heaps.map((heap) => heap.page.backing), true],
    ['worker, objects', heaps.map((heap) => heap.worker.used), true],
    ['worker, arrays', heaps.map((heap) => heap.worker.backing), LONG],
  ] as const;
  for (const [name, values, isFlat] of rows) {
    const { rise, noise } = trendOf(values);
    const most = Math.max(...values);
    console.log(
      `${name}: ${inMb(Math.min(...values))} to ${inMb(most)} MB, rise ${inMb(rise)} MB, noise ${inMb(noise)} MB`,
    );
    if (isFlat) expect(rise, name).toBeLessThan(Math.max(noise, LEAST));
    else expect(most, name).toBeLessThan(MOST_CACHED);
  }
  await page.tab.close();
  await source.end();
  await world.chromium.end();

  // What was kept is read back by a browser that has not written it.
  await world.again();
  const again = await world.open(url, viewer);
  const request = { from: Date.now() - 3_600_000, to: Date.now() };
  const count = 'value.count.reduce((sum, count) => sum + count, 0)';
  expect((await again.call<'overview', number>('overview', [request], count)).value).toBe(samples);
  await again.tab.close();
  await world.chromium.end();
  const bytes = databaseBytes(world.chromium.profile);
  console.log(`${sent} readings, ${(bytes / sent).toFixed(1)} bytes on disk each`);
  expect(bytes).toBeLessThan(DISK_BYTES + DISK_BYTES_A_READING * sent);
});
