import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FaultWorld } from '../support/fault-world.ts';
import { HastyClock } from '../support/hasty-clock.ts';
import { LONG } from '../support/long.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';

const PUMP = 'devices:pump-1';
const CMD = 'devices/pump-1/cmd';

let world: FaultWorld;
beforeEach(async () => {
  world = await FaultWorld.start();
});
afterEach(() => world.stop());

const phase = (page: TestPage) => page.latest.link?.phase;
const outcome = (page: TestPage, id: string) => page.commands.get(id)?.outcome;

/** A page that knows the device. */
async function pageWithDevice(...args: Parameters<FaultWorld['page']>): Promise<TestPage> {
  const device = await world.client('pump-1');
  await device.publishAsync('devices/pump-1/status', '{"online":true}', { retain: true, qos: 1 });
  const page = await world.page(...args);
  await page.until('the device is known', () => page.device('pump-1'));
  return page;
}

/** Everything that comes to the device, in order. */
async function witness(): Promise<{ id: string; args: unknown }[]> {
  const seen: { id: string; args: unknown }[] = [];
  const device = await world.client('pump-1');
  device.on('message', (_topic, payload) => void seen.push(JSON.parse(payload.toString())));
  await device.subscribeAsync(CMD, { qos: 1 });
  return seen;
}

const send = (page: TestPage, ttl: number, on = true) =>
  page.call('send', { device: PUMP, name: 'switch', args: { on }, ttl });

test('a PUBACK is lost: sent again under the same id, one effect, and "sent" until it is acknowledged', async () => {
  const seen = await witness();
  const page = await pageWithDevice();
  world.proxy.dig('to-client');
  const { id } = await send(page, 60);
  await vi.waitFor(() => expect(seen.map((command) => command.id)).toEqual([id]));
  await vi.waitFor(() => expect(world.proxy.counts.swallowed).toBeGreaterThan(0));
  expect(outcome(page, id)).toBe('sent');
  world.proxy.heal(true);
  world.proxy.reset();
  await page.until('accepted', () => outcome(page, id) === 'accepted', 20_000);
  expect(page.outcomes.get(id)?.at(-1)).toBe('accepted');
  expect(page.commands.get(id)?.attempts).toBe(2);
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  const effects = new Map(seen.map((command) => [command.id, command.args]));
  expect([...effects]).toEqual([[id, { on: true }]]);
}, 30_000);

test('the broker is away past the deadline: expired, and no witness ever sees it; a longer one arrives', async () => {
  const clock = new HastyClock(LONG ? 1 : 20);
  const page = await pageWithDevice({ clock });
  const away = LONG ? 600_000 : 120_000;
  await world.mosquitto.down();
  await page.until('offline', () => phase(page) === 'offline');
  const downAt = clock.now();
  const short = await send(page, 60, false);
  const long = await send(page, 3_600, true);
  expect([short.outcome, long.outcome]).toEqual(['queued', 'queued']);
  await page.until('the short one expires', () => outcome(page, short.id) === 'expired', 80_000);
  expect(clock.now() - downAt).toBeGreaterThan(59_000);
  await new Promise<void>((resolve) => void clock.after(downAt + away - clock.now(), resolve));
  await world.mosquitto.up();
  expect(world.mosquitto.starts()).toBe(2);
  const seen = await witness();
  await page.until('the long one is accepted', () => outcome(page, long.id) === 'accepted', 70_000);
  // Behind it on the same connection: whatever was sent before has arrived.
  const last = await send(page, 60, true);
  await page.until('the last one is accepted', () => outcome(page, last.id) === 'accepted');
  await vi.waitFor(() => expect(seen.at(-1)?.id).toBe(last.id));
  expect(seen.map(({ id }) => id)).toEqual([long.id, last.id]);
  expect(outcome(page, short.id)).toBe('expired');
}, 800_000);

test('the page is closed with a command queued and opened again past its deadline: never sent', async () => {
  const clock = new HastyClock(20);
  const request = world.request();
  const device = await world.client('pump-1');
  await device.publishAsync('devices/pump-1/status', '{"online":true}', { retain: true, qos: 1 });
  const engine = world.add(await testEngine({ clock }));
  const page = new TestPage(engine);
  await page.call('signIn', request);
  await page.until('the device is known', () => page.device('pump-1'));
  world.proxy.refusing = true;
  world.proxy.reset();
  await page.until('offline', () => phase(page) === 'offline');
  const { id } = await send(page, 60);
  expect(outcome(page, id) ?? 'queued').toBe('queued');
  await engine.stop();
  clock.sleep(61_000);
  world.proxy.refusing = false;
  const seen = await witness();
  const again = await world.page({ clock }, request);
  await again.until('it is expired', () => outcome(again, id) === 'expired');
  const next = await send(again, 60);
  await again.until('the next is accepted', () => outcome(again, next.id) === 'accepted');
  await vi.waitFor(() => expect(seen.map((command) => command.id)).toEqual([next.id]));
  expect(world.proxy.counts.resets).toBeGreaterThan(0);
}, 40_000);

test('a sign-in that may not publish: the broker says so for that topic, and it is not tried again', async () => {
  const request = { ...world.request(), username: 'viewer', credential: world.credential('viewer') };
  const page = await pageWithDevice({}, request);
  const { id } = await send(page, 60);
  await page.until('refused', () => outcome(page, id) === 'refused');
  expect(page.commands.get(id)).toMatchObject({ attempts: 1 });
  expect(page.commands.get(id)?.error).toContain(CMD);
  world.proxy.reset();
  await page.until('offline', () => phase(page) === 'offline');
  await world.subscribed(page);
  expect(page.commands.get(id)).toMatchObject({ attempts: 1, outcome: 'refused' });
  expect(world.proxy.counts.resets).toBe(1);
}, 30_000);
