import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultWorld } from '../support/fault-world.ts';
import type { TestPage } from '../support/test-page.ts';

const VIEWED = { record: 'viewed', queue: false } as const;
const PUMP = 'devices:pump-1';
const NOBODY = { series: [], devices: [] };

let world: FaultWorld;
beforeEach(async () => {
  world = await FaultWorld.start({ devices: ['pump-1', 'tank-2'] });
});
afterEach(() => world.stop());

const granted = (page: TestPage, filter: string) =>
  page.latest.subscriptions?.some((one) => one.filter === filter && one.state.startsWith('granted'));
const filters = (page: TestPage) => page.latest.subscriptions?.map(({ filter }) => filter);

test('only what is looked at comes, through a loss of the link, and the silence of the others is no alert', async () => {
  const pump = await world.client('pump-1');
  const tank = await world.client('tank-2');
  const page = await world.page({}, world.request({}, VIEWED));
  await page.call('watch', { ...NOBODY, shown: [PUMP] });
  await page.until('the pump is subscribed', () => granted(page, 'devices/pump-1/telemetry'));
  expect(filters(page)).not.toContain('devices/+/telemetry');
  const both = async (n: number) => {
    await tank.publishAsync('devices/tank-2/telemetry', JSON.stringify({ n }), { qos: 1 });
    await tank.publishAsync('devices/tank-2/status', '{"online":true}', { retain: true, qos: 1 });
    await pump.publishAsync('devices/pump-1/telemetry', JSON.stringify({ n }), { qos: 1 });
  };
  await both(1);
  await page.until('the pump speaks', () => page.value('pump-1', 'n')?.value === 1);
  world.proxy.reset();
  await page.until('offline', () => page.latest.link?.phase === 'offline');
  await world.subscribed(page);
  await both(2);
  await page.until('the pump speaks', () => page.value('pump-1', 'n')?.value === 2);
  expect(world.proxy.counts.resets).toBe(1);
  await page.until('the tank is known', () => page.device('tank-2')?.status === 'online');
  expect(page.value('tank-2', 'n')).toBeUndefined();
  expect(page.latest.alerts ?? []).toEqual([]);
}, 30_000);

test('the mode changes while the link is up: the wildcard comes and goes', async () => {
  const page = await world.page();
  expect(filters(page)).toContain('devices/+/telemetry');
  await page.call('changeLink', { record: 'viewed' });
  await page.until('it is gone', () => !filters(page)?.includes('devices/+/telemetry'));
  const pump = await world.client('pump-1');
  await pump.publishAsync('devices/pump-1/telemetry', '{"n":1}', { qos: 1 });
  await page.call('watch', { ...NOBODY, shown: [PUMP] });
  await page.until('the pump is subscribed', () => granted(page, 'devices/pump-1/telemetry'));
  expect(page.value('pump-1', 'n')).toBeUndefined();
  await page.call('changeLink', { record: 'everything' });
  await page.until('it is back', () => granted(page, 'devices/+/telemetry'));
  await pump.publishAsync('devices/pump-1/telemetry', '{"n":2}', { qos: 1 });
  await page.until('everything comes', () => page.value('pump-1', 'n')?.value === 2);
  const { bytes = 0, viewedBytes = 0 } = page.latest.counters ?? {};
  expect(viewedBytes).toBeGreaterThan(0);
  expect(viewedBytes).toBeLessThanOrEqual(bytes);
}, 30_000);
