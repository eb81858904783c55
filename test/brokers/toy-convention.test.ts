import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { convention } from '../fixtures/toy-convention.ts';
import { startTestBroker, type TestBroker } from '../support/test-broker.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';

const DEVICE = 'toy:hall%2Fplc%2Foven';
let broker: TestBroker;
let engine: Engine;
let page: TestPage;
let homes = 0;

beforeEach(async () => {
  broker = await startTestBroker();
  engine = await testEngine({ conventions: [convention] });
  page = new TestPage(engine);
});
afterEach(async () => {
  await engine.stop();
  await broker.stop();
});

/** Signs in to a home of its own and waits until the broker has granted everything. */
async function signIn(): Promise<void> {
  const profile = { name: 'toys', kind: 'aedes' as const, urls: [broker.url], root: 'plant' };
  const credential = { username: 'ada', password: 'secret' };
  await page.call('signIn', { base: `/${++homes}/`, profile, username: 'ada', credential });
  await granted();
}

function granted(): Promise<unknown> {
  return page.until('every subscription is granted', () =>
    page.latest.subscriptions?.every((subscription) => subscription.state === 'granted'),
  );
}

function text(value: string): number[] {
  const bytes = [...Buffer.from(value)];
  return [bytes.length, ...bytes];
}

/** A birth: the topic of the data, then for each alias its kind, device and channel. */
function birth(
  dataTopic: string,
  metrics: readonly [alias: number, kind: number, channel: string][],
): Uint8Array {
  const each = metrics.flatMap(([alias, kind, channel]) => [
    alias >> 8,
    alias & 255,
    kind,
    ...text('oven'),
    ...text(channel),
  ]);
  return Uint8Array.from([...text(dataTopic), metrics.length, ...each]);
}

/** Data: a value for each alias. */
function data(...values: readonly [alias: number, value: number][]): Uint8Array {
  const payload = Buffer.alloc(values.length * 10);
  values.forEach(([alias, value], i) => {
    payload.writeUInt16BE(alias, i * 10);
    payload.writeDoubleBE(value, i * 10 + 2);
  });
  return payload;
}

/** Everything that the console publishes on a topic, as it comes. */
async function listen(topic: string): Promise<Uint8Array[]> {
  const heard: Uint8Array[] = [];
  await new Promise<void>((resolve) =>
    broker.aedes.subscribe(
      topic,
      (packet, done) => {
        heard.push(packet.payload as Uint8Array);
        done();
      },
      resolve,
    ),
  );
  return heard;
}

function value(channel: string) {
  const row = [...page.channels.values()].find((c) => c.device === DEVICE && c.channel === channel);
  return row && page.values.get(row.series);
}

test('a retained birth teaches aliases and a topic, and binary data on that topic becomes live values', async () => {
  const metrics = [
    [700, 0, 'temp'],
    [2, 1, 'door'],
  ] as const;
  await broker.publish(
    'plant/hall/plc/birth',
    birth(
      'bulk/17',
      metrics.map((m) => [...m]),
    ),
    { retain: true },
  );
  await signIn();
  const filters = () => page.latest.subscriptions?.map((subscription) => subscription.filter);
  await page.until('the learned topic is wanted', () => filters()?.includes('bulk/17'));
  await granted();
  await broker.publish('bulk/17', data([700, 180.25], [2, 1]));
  expect(await page.until('a live value', () => value('temp'))).toMatchObject({
    value: 180.25,
    source: 'live',
  });
  expect(value('door')).toMatchObject({ value: true, source: 'live' });
  expect(page.devices.get(DEVICE)).toMatchObject({ status: 'online', id: DEVICE });
  expect([...page.channels.values()].find((c) => c.channel === 'door')?.kind).toBe('boolean');
});

test('an alias that no birth explained is asked about, once, and the new birth explains it', async () => {
  const asked = await listen('plant/hall/plc/rebirth');
  await signIn();
  await broker.publish('plant/hall/plc/birth', birth('bulk/1', [[1, 0, 'temp']]));
  await page.until('the learned topic', () => page.latest.subscriptions?.some((s) => s.filter === 'bulk/1'));
  await granted();
  await broker.publish('bulk/1', data([1, 20], [9, 5]));
  await broker.publish('bulk/1', data([1, 21], [9, 6]));
  await page.until('the known alias is read all the same', () => value('temp')?.value === 21);
  const metrics: [number, number, string][] = [
    [1, 0, 'temp'],
    [9, 0, 'fan'],
  ];
  await broker.publish('plant/hall/plc/birth', birth('bulk/1', metrics));
  await broker.publish('bulk/1', data([9, 7]));
  await page.until('the new channel', () => value('fan')?.value === 7);
  expect(asked).toHaveLength(1);
});

test('a birth that moves the data leaves the old topic', async () => {
  await signIn();
  await broker.publish('plant/hall/plc/birth', birth('bulk/old', [[1, 0, 'temp']]));
  const filters = () => page.latest.subscriptions?.map((subscription) => subscription.filter) ?? [];
  await page.until('the first topic', () => filters().includes('bulk/old'));
  await broker.publish('plant/hall/plc/birth', birth('bulk/new', [[1, 0, 'temp']]));
  await page.until(
    'the second topic',
    () => filters().includes('bulk/new') && !filters().includes('bulk/old'),
  );
  await granted();
  await broker.publish('bulk/old', data([1, 1]));
  await broker.publish('bulk/new', data([1, 2]));
  await page.until('the value of the new topic', () => value('temp')?.value === 2);
  const answer = await page.call('exportHistory', DEVICE);
  expect(answer.samples).toBe(1);
});

test('a death makes the devices of the node offline, and their values old', async () => {
  await signIn();
  await broker.publish('plant/hall/plc/birth', birth('bulk/1', [[1, 0, 'temp']]));
  await page.until('the learned topic', () => page.latest.subscriptions?.some((s) => s.filter === 'bulk/1'));
  await granted();
  await broker.publish('bulk/1', data([1, 20]));
  await page.until('live', () => value('temp')?.source === 'live');
  await broker.publish('plant/hall/plc/death', '');
  await page.until('offline', () => page.devices.get(DEVICE)?.status === 'offline');
  expect(value('temp')?.source).toBe('stale');
});

test('a command goes out as the convention writes it', async () => {
  const heard = await listen('plant/hall/plc/cmd');
  await signIn();
  const { id } = await page.call('send', { device: DEVICE, name: 'heat', args: { to: 200 } });
  await page.until('accepted', () => page.commands.get(id)?.outcome === 'accepted');
  expect([...(heard[0] ?? [])]).toEqual([id, 'oven', 'heat', '{"to":200}'].flatMap(text));
});

test('a birth that is cut short is a problem and nothing else', async () => {
  await signIn();
  await broker.publish('plant/hall/plc/birth', birth('bulk/1', [[1, 0, 'temp']]).subarray(0, 12));
  const problem = await page.until('a problem', () => page.latest.problems?.[0]);
  expect(problem.message).toContain('cut short');
  expect(page.devices.size).toBe(0);
});
