import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppPage } from '../bench/app-page.ts';
import { until } from '../bench/cdp.ts';
import type { PageReading } from '../bench/page/bench-page.ts';
import { startMosquitto, type RunningMosquitto } from '../support/mosquitto.ts';
import { BrowserWorld, LONG } from './browser-world.ts';
import { downloaded } from './downloaded.ts';
import { startNumberedDevice, type NumberedDevice } from './numbered-device.ts';

const KILLS = LONG ? 20 : 4;
const DEVICE = 'counter-1';
const PER_SECOND = 200;
/** A flush begins a second after the first of its samples; writing it and the way of the last message are beside that. */
const UNFLUSHED_MS = 1000;
const WRITING_MS = 500;

let broker: RunningMosquitto;
let world: BrowserWorld;
beforeAll(async () => {
  broker = await startMosquitto({ devices: [DEVICE] });
  world = await BrowserWorld.start();
});
afterAll(async () => {
  await world.stop();
  await broker.stop();
});

/** One life of the browser, in numbers of the device. */
interface Life {
  /** What was sent from here on was subscribed to. */
  readonly from: number;
  /** What was sent when it was killed, and when that was. */
  readonly killedAfter: number;
  readonly killedAt: number;
}

function credential(kind: 'users' | 'devices', name: string) {
  const found = broker.credentials[kind][name];
  if (found === undefined) throw new Error(`There is no credential for ${name}.`);
  return found;
}

const read = ({ tab }: AppPage) => tab.evaluate<PageReading>('bench.read()');

/** Waits until messages come one after the other, and kills the browser while they do. */
async function killWhileTheyCome(page: AppPage, device: NumberedDevice, ms: number): Promise<Life> {
  const from = device.sentAt.length;
  await until(page.tab, `bench.read().stored > ${PER_SECOND / 2}`, 'A durable sample');
  await delay(ms);
  const { received } = await read(page);
  // In the middle of it: they come one after the other until now.
  await until(page.tab, `bench.read().received > ${received}`, 'Another message', 1000);
  const [killedAfter, killedAt] = [device.sentAt.length, Date.now()];
  await world.chromium.kill();
  return { from, killedAfter, killedAt };
}

/** Kills the browser again and again under the numbered device, and answers what its history has in the end. */
async function liveAndDie(queue: boolean) {
  const url = world.app(broker.ws);
  const person = credential('users', 'operator');
  let page = await world.open(url, person, queue);
  const device = await startNumberedDevice(broker.mqtt, DEVICE, credential('devices', DEVICE), PER_SECOND);
  const lives: Life[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    // Another moment between two flushes each time.
    lives.push(await killWhileTheyCome(page, device, 250 + ((kill * 377) % 1000)));
    await world.again();
    page = await world.open(url, person, queue);
    // It went on without us.
    expect(device.sentAt.length).toBeGreaterThan(lives.at(-1)!.killedAfter);
    if (queue) expect(await page.tab.evaluate<boolean>('bench.resumed()')).toBe(true);
  }
  const from = device.sentAt.length;
  await delay(1500);
  await device.stop();
  const sent = device.sentAt.length;
  const end = performance.now() + 20_000;
  let numbers = await downloaded(page, DEVICE);
  while (!numbers.includes(sent - 1) && performance.now() < end) {
    await delay(100);
    numbers = await downloaded(page, DEVICE);
  }
  await page.tab.close();
  return { numbers, lives, sentAt: device.sentAt, last: { from, to: sent } };
}

function doubled(numbers: readonly number[]): number[] {
  const seen = new Set<number>();
  return numbers.filter((n) => seen.has(n) || !seen.add(n));
}

const missing = (kept: ReadonlySet<number>, from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).filter((n) => !kept.has(n));

test(`the browser is killed ${KILLS} times at QoS 0: the unflushed second is missing, and nothing else`, async () => {
  const { numbers, lives, sentAt, last } = await liveAndDie(false);
  expect(doubled(numbers)).toEqual([]);
  const kept = new Set(numbers);
  const lost = lives.map(({ from, killedAfter, killedAt }) => {
    const known = missing(kept, 0, killedAfter).filter((n) => n >= from);
    const first = known[0];
    if (first === undefined) return 0;
    // Nothing before the first of them is missing, and nothing after it is there: it is the end that was lost.
    expect(known).toEqual(missing(new Set(), first, killedAfter));
    return killedAt - sentAt[first]!;
  });
  console.log(`QoS 0: ${KILLS} kills, at most ${Math.max(...lost)} ms lost (${lost.join(', ')})`);
  expect(Math.max(...lost)).toBeLessThan(UNFLUSHED_MS + WRITING_MS);
  // Were nothing lost at all, it would not have been killed between two flushes.
  expect(lost.filter((ms) => ms > 0).length).toBeGreaterThan(0);
  expect(missing(kept, last.from, last.to)).toEqual([]);
});

test(`the browser is killed ${KILLS} times at QoS 1 with a session that waits: nothing is missing or double`, async () => {
  const { numbers, lives, last } = await liveAndDie(true);
  expect(doubled(numbers)).toEqual([]);
  expect(missing(new Set(numbers), lives[0]!.from, last.to)).toEqual([]);
  console.log(`QoS 1: ${KILLS} kills, ${numbers.length} readings, each once`);
});
