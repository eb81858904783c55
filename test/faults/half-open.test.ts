import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultWorld } from '../support/fault-world.ts';
import { HastyClock } from '../support/hasty-clock.ts';
import { LONG } from '../support/long.ts';
import type { TestPage } from '../support/test-page.ts';

/** Design: a link is stale after 1.5 x keepalive + 2 s without bytes. */
const STALE_MS = 24_500;
const PUMP = 'devices:pump-1';

let world: FaultWorld;
let clock: HastyClock;
beforeEach(async () => {
  world = await FaultWorld.start();
  clock = new HastyClock(LONG ? 1 : 10);
});
afterEach(() => world.stop());

const phase = (page: TestPage) => page.latest.link?.phase;

/** A device that speaks often enough that a good link is never silent, also in hasty time. */
async function talkingDevice(): Promise<void> {
  const device = await world.client('pump-1');
  let n = 0;
  const timer = setInterval(
    () => device.publish('devices/pump-1/telemetry', JSON.stringify({ n: n++ })),
    100,
  );
  world.add({ stop: () => clearInterval(timer) });
}

test('a black hole: stale in time, and back within 10 s of its healing', async () => {
  const page = await world.page({ clock });
  await talkingDevice();
  await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live');
  world.proxy.dig();
  const dugAt = clock.now();
  await page.until('the link is stale', () => phase(page) === 'stale', 40_000);
  expect(world.proxy.counts.swallowed).toBeGreaterThan(0);
  expect(clock.now() - dugAt).toBeLessThan(STALE_MS);
  await page.until('the value is stale', () => page.value('pump-1', 'n')?.source === 'stale');
  world.proxy.heal();
  const healedAt = clock.now();
  await page.until('the link is live', () => phase(page) === 'live', 40_000);
  expect(clock.now() - healedAt).toBeLessThan(10_000);
  await page.until('a live value again', () => page.value('pump-1', 'n')?.source === 'live');
}, 90_000);

test('a command into a black hole is not called accepted; later ones wait; all arrive once and in order', async () => {
  const page = await world.page({ clock });
  await talkingDevice();
  const arrived: string[] = [];
  const device = await world.client('pump-1');
  device.on('message', (_topic, payload) => void arrived.push(JSON.parse(payload.toString()).id));
  await device.subscribeAsync('devices/pump-1/cmd', { qos: 1 });
  await page.until('the device is known', () => page.device('pump-1'));
  world.proxy.dig();
  const send = (on: boolean) => page.call('send', { device: PUMP, name: 'switch', args: { on }, ttl: 600 });
  const first = await send(true);
  expect(page.commands.get(first.id)?.outcome ?? first.outcome).toBe('sent');
  await page.until('the link is stale', () => phase(page) === 'stale', 40_000);
  const later = [await send(false), await send(true)];
  expect(later.map(({ outcome }) => outcome)).toEqual(['queued', 'queued']);
  expect(page.outcomes.get(first.id)).not.toContain('accepted');
  expect(arrived).toEqual([]);
  expect(world.proxy.counts.swallowed).toBeGreaterThan(0);
  world.proxy.heal();
  const all = [first, ...later].map(({ id }) => id);
  await page.until(
    'all are accepted',
    () => all.every((id) => page.commands.get(id)?.outcome === 'accepted'),
    40_000,
  );
  expect([...new Set(arrived)]).toEqual(all);
}, 90_000);

test('asleep for five minutes on a socket that died meanwhile: stale within 1 s, a verdict within 4 s', async () => {
  const page = await world.page({ clock });
  await talkingDevice();
  await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live');
  world.proxy.dig('to-client');
  clock.sleep(300_000);
  const wokeAt = clock.now();
  await page.until('the link is stale', () => phase(page) === 'stale');
  const slack = LONG ? 200 : 1_000;
  expect(clock.now() - wokeAt).toBeLessThan(1_000 + slack);
  await page.until('the socket is given up', () => phase(page) === 'offline');
  expect(clock.now() - wokeAt).toBeLessThan(4_000 + slack);
  expect(page.latest.link).toMatchObject({ cause: 'keepalive' });
  expect(world.proxy.counts.swallowed).toBeGreaterThan(0);
  world.proxy.heal(true);
  await world.subscribed(page);
  const answer = await page.call('series', {
    channels: [{ device: PUMP, channel: 'n' }],
    from: wokeAt - 600_000,
    to: clock.now() + 1_000,
    pixels: 500,
  });
  expect(answer.gaps.at(-1)?.to).toBeGreaterThan(wokeAt);
}, 60_000);

test('asleep for five minutes on a socket that still works: the ping is answered and the link stays', async () => {
  const page = await world.page({ clock });
  const connections = world.proxy.counts.accepted;
  const passed = world.proxy.counts.passed;
  clock.sleep(300_000);
  await page.until('it was doubted', () => phase(page) === 'stale');
  await page.until('the link is live', () => phase(page) === 'live');
  expect(world.proxy.counts.passed).toBeGreaterThan(passed);
  expect(world.proxy.counts.accepted).toBe(connections);
}, 30_000);
