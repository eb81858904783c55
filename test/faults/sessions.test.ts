import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConnectionLog } from '../support/connection-log.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { FaultWorld } from '../support/fault-world.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';
import { connectWebClient } from '../support/web-client.ts';

const PUMP = 'devices:pump-1';
const TELEMETRY = 'devices/pump-1/telemetry';
const QUEUE = { record: 'everything', queue: true } as const;

let world: FaultWorld;
beforeEach(async () => {
  world = await FaultWorld.start({ persistence: false });
});
afterEach(() => world.stop());

const phase = (page: TestPage) => page.latest.link?.phase;

interface Line {
  readonly t: number;
  readonly ts?: number;
  readonly v: unknown;
}

async function stored(page: TestPage): Promise<Line[]> {
  const { text } = await page.call('exportHistory', PUMP);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

async function gaps(page: TestPage) {
  const to = Date.now() + 1_000;
  const channels = [{ device: PUMP, channel: 'n' }];
  return (await page.call('series', { channels, from: to - 600_000, to, pixels: 500 })).gaps;
}

test('the broker restarts and has forgotten everything: subscribed again, and the outage is a gap', async () => {
  const page = await world.page({}, world.request({}, QUEUE));
  const before = await world.client('pump-1');
  await before.publishAsync(TELEMETRY, '{"n":1}', { qos: 1 });
  await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live');
  const lostAt = Date.now();
  await world.mosquitto.down('SIGKILL');
  await page.until('offline', () => phase(page) === 'offline');
  await world.mosquitto.up();
  await world.subscribed(page);
  expect(world.mosquitto.starts()).toBe(2);
  expect(page.latest.link?.sessionPresent).toBe(false);
  const after = await world.client('pump-1');
  await after.publishAsync(TELEMETRY, '{"n":2}', { qos: 1 });
  await page.until('the new value', () => page.value('pump-1', 'n')?.value === 2);
  expect((await gaps(page)).at(-1)?.to).toBeGreaterThanOrEqual(lostAt);
}, 40_000);

describe('a command is answered while nobody is connected', () => {
  /** Leaves the broker without a console for a second, in which the device answers. */
  async function answeredMeanwhile(before: TestPage, leave: () => Promise<void>): Promise<string> {
    const device = await world.client('pump-1');
    await device.subscribeAsync('devices/pump-1/cmd', { qos: 1 });
    await device.publishAsync('devices/pump-1/status', '{"online":true}', { retain: true, qos: 1 });
    await before.until('the device is known', () => before.device('pump-1'));
    const came = new Promise((resolve) => device.once('message', resolve));
    const { id } = await before.call('send', { device: PUMP, name: 'switch', args: {}, ttl: 60 });
    await came;
    await before.until('accepted', () => before.commands.get(id)?.outcome === 'accepted');
    await leave();
    await vi.waitFor(() => expect(readConnectionLog(world.mosquitto.log()).openNow).toBe(0));
    await device.publishAsync('devices/pump-1/ack', JSON.stringify({ id, ok: true }), { qos: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(readConnectionLog(world.mosquitto.log())).toMatchObject({ connects: 1, openNow: 0 });
    return id;
  }

  test('the leading tab is closed, and the next one is a second late: the command is done', async () => {
    const request = world.request();
    const leading = world.add(await testEngine());
    const page = new TestPage(leading);
    await page.call('signIn', request);
    await world.subscribed(page);
    const id = await answeredMeanwhile(page, () => leading.stop());
    const next = await world.page({}, request);
    await next.until('done', () => next.commands.get(id)?.outcome === 'done');
    expect(next.outcomes.get(id)).not.toContain('unanswered');
    expect(next.latest.link).toMatchObject({ sessionPresent: true, sessionKept: 300 });
  }, 30_000);

  test('the link is lost and comes back: the command is done, and telemetry has a gap', async () => {
    const page = await world.page();
    const device = await world.client('pump-1');
    await device.publishAsync(TELEMETRY, '{"n":1}', { qos: 1 });
    await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live');
    const gapsBefore = (await gaps(page)).length;
    const id = await answeredMeanwhile(page, async () => {
      world.proxy.refusing = true;
      world.proxy.reset();
      await page.until('offline', () => phase(page) === 'offline');
    });
    // Asked for at QoS 0: it is not kept, and nobody claims that it was.
    await device.publishAsync(TELEMETRY, '{"n":2}', { qos: 1 });
    world.proxy.refusing = false;
    await world.subscribed(page);
    await page.until('done', () => page.commands.get(id)?.outcome === 'done');
    await device.publishAsync(TELEMETRY, '{"n":3}', { qos: 1 });
    await page.until('the next value', () => page.value('pump-1', 'n')?.value === 3);
    expect((await stored(page)).map(({ v }) => v)).toEqual([1, 3]);
    expect(await gaps(page)).toHaveLength(gapsBefore + 1);
    expect(world.proxy.counts.resets).toBe(1);
  }, 30_000);

  test('"Only what I look at" was chosen meanwhile: the session brings what is wanted, and no more', async () => {
    const page = await world.page();
    world.proxy.refusing = true;
    world.proxy.reset();
    await page.until('offline', () => phase(page) === 'offline');
    await page.call('changeLink', { record: 'viewed' });
    world.proxy.refusing = false;
    await world.subscribed(page);
    expect(page.latest.link?.sessionPresent).toBe(true);
    const device = await world.client('pump-1');
    const { received } = page.latest.counters!;
    await device.publishAsync(TELEMETRY, '{"n":1}', { qos: 1 });
    await device.publishAsync('devices/pump-1/status', '{"online":true}', { qos: 1 });
    await page.until('the status', () => page.device('pump-1')?.status === 'online');
    expect(page.latest.counters?.received).toBe(received + 1);
    expect(world.proxy.counts.resets).toBe(1);
  }, 30_000);
});

describe('queue while away', () => {
  test('what the broker kept comes once, at its own time and marked late; equal readings stay two', async () => {
    const page = await world.page({}, world.request({}, QUEUE));
    const device = await world.client('pump-1');
    const publish = (n: number, ts: number) =>
      device.publishAsync(TELEMETRY, JSON.stringify({ n, ts }), { qos: 1 });
    const began = Date.now();
    await publish(1, began);
    await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live');
    const gapsBefore = (await gaps(page)).length;
    world.proxy.refusing = true;
    world.proxy.reset();
    await page.until('offline', () => phase(page) === 'offline');
    // Said to be of the last second, which went by without us.
    for (const [n, ts] of [
      [2, 100],
      [2, 200],
      [3, 300],
    ] as const)
      await publish(n, began + ts);
    expect(world.proxy.counts.resets).toBeGreaterThan(0);
    world.proxy.refusing = false;
    await world.subscribed(page);
    expect(page.latest.link?.sessionPresent).toBe(true);
    await page.until('the last one', () => page.value('pump-1', 'n')?.value === 3);
    const lines = await stored(page);
    expect(lines.map(({ v }) => v)).toEqual([1, 2, 2, 3]);
    for (const line of lines.slice(1)) expect(line.t).toBeLessThan(world.proxy.attempts.at(-1) ?? 0);
    expect(await gaps(page)).toHaveLength(gapsBefore);
  }, 30_000);

  test('acknowledgements that get lost make the broker send again, and nothing is stored twice', async () => {
    const page = await world.page({}, world.request({}, QUEUE));
    const device = await world.client('pump-1');
    await device.publishAsync(TELEMETRY, '{"n":0}', { qos: 1 });
    await page.until('a live value', () => page.value('pump-1', 'n')?.value === 0);
    world.proxy.dig('to-broker');
    for (let n = 1; n <= 10; n++) await device.publishAsync(TELEMETRY, JSON.stringify({ n }), { qos: 1 });
    await page.until('the last one', () => page.value('pump-1', 'n')?.value === 10);
    await page.until('they are on disk', () => page.latest.counters?.stored === 11);
    await vi.waitFor(() => expect(world.proxy.counts.swallowed).toBeGreaterThan(0));
    world.proxy.heal(true);
    world.proxy.reset();
    await page.until('offline', () => phase(page) === 'offline');
    await world.subscribed(page);
    await device.publishAsync(TELEMETRY, '{"n":11}', { qos: 1 });
    await page.until('the next one', () => page.value('pump-1', 'n')?.value === 11);
    expect(page.latest.link?.sessionPresent).toBe(true);
    expect((await stored(page)).map(({ v }) => v)).toEqual([...Array(12).keys()]);
  }, 30_000);

  test('a page dies between storing and acknowledging: the next one resumes, and nothing is stored twice', async () => {
    const request = world.request({}, QUEUE);
    const dying = world.add(await testEngine());
    const page = new TestPage(dying);
    await page.call('signIn', request);
    await world.subscribed(page);
    const device = await world.client('pump-1');
    const publish = (n: number) => device.publishAsync(TELEMETRY, JSON.stringify({ n }), { qos: 1 });
    await publish(0);
    await page.until('a live value', () => page.value('pump-1', 'n')?.value === 0);
    world.proxy.dig('to-broker');
    for (let n = 1; n <= 10; n++) await publish(n);
    await page.until('they are on disk', () => page.latest.counters?.stored === 11);
    await vi.waitFor(() => expect(world.proxy.counts.swallowed).toBeGreaterThan(0));
    // Its goodbye falls into the hole too.
    await dying.stop();
    world.proxy.heal(true);
    world.proxy.reset();
    const next = await world.page({}, request);
    expect(next.latest.link?.sessionPresent).toBe(true);
    await publish(11);
    await next.until('the next one', () => next.value('pump-1', 'n')?.value === 11);
    expect((await stored(next)).map(({ v }) => v)).toEqual([...Array(12).keys()]);
  }, 30_000);

  test('signing out ends the session: the broker keeps nothing for nobody', async () => {
    const request = world.request({}, QUEUE);
    const page = await world.page({}, request);
    await page.call('signOut');
    await page.until('offline', () => phase(page) === 'offline');
    await page.call('signIn', request);
    await world.subscribed(page);
    expect(page.latest.link?.sessionPresent).toBe(false);
  }, 30_000);
});

describe('another client with our id', () => {
  /** Our client id, as the broker's own log has it. */
  function ourId(): string {
    const found = [...world.mosquitto.log().matchAll(/ as (tt[a-z0-9]{21}) /g)].at(-1)?.[1];
    if (found === undefined) throw new Error('The broker has not logged us.');
    return found;
  }

  test('takes it three times: we stop, say so, and go on with a new id when asked', async () => {
    const page = await world.page();
    const clientId = ourId();
    for (let i = 0; i < 3; i++) {
      await page.until('live', () => phase(page) === 'live');
      const other = await connectWebClient(world.mosquitto.ws, { ...world.credential('operator'), clientId });
      await page.until('thrown off', () => phase(page) !== 'live');
      await other.endAsync(true);
    }
    await page.until('stopped', () => phase(page) === 'refused');
    expect(page.latest.link).toMatchObject({ cause: 'taken-over' });
    expect(page.latest.link?.retryAt).toBeUndefined();
    const attempts = world.proxy.attempts.length;
    expect(attempts).toBe(3);
    expect(readConnectionLog(world.mosquitto.log()).takenOver).toBe(3);
    await page.call('changeLink', { newClientId: true });
    await page.until('live', () => phase(page) === 'live');
    expect(ourId()).not.toBe(clientId);
  }, 40_000);
});

describe('several addresses', () => {
  test('the first one refuses: the second is used, and shown', async () => {
    const dead = world.add(await FaultProxy.start(1));
    dead.refusing = true;
    const urls = [dead.url, world.proxy.url];
    const request = world.request({ urls });
    const page = await world.page({}, request);
    expect(dead.counts.refused).toBeGreaterThan(0);
    expect(page.latest.link?.endpoint).toBe(world.proxy.url);
  }, 30_000);

  test('the one in use goes down: the other takes over, and back again', async () => {
    const other = world.add(await FaultProxy.start(Number(new URL(world.mosquitto.ws).port)));
    const page = await world.page({}, world.request({ urls: [world.proxy.url, other.url] }));
    expect(page.latest.link?.endpoint).toBe(world.proxy.url);
    for (const [down, up] of [
      [world.proxy, other],
      [other, world.proxy],
    ] as const) {
      up.refusing = false;
      down.refusing = true;
      down.reset();
      await page.until(
        'the other one',
        () => phase(page) === 'live' && page.latest.link?.endpoint === up.url,
        20_000,
      );
      expect(down.counts.resets).toBe(1);
    }
  }, 60_000);
});

test('aedes: MQTT 3.1.1 begins anew, and the outage is a gap', async () => {
  const broker = world.add(await startTestBroker());
  const proxy = world.add(await FaultProxy.start(broker.port));
  const page = await world.page({}, world.request({ kind: 'aedes', urls: [proxy.url] }, QUEUE));
  await broker.publish(TELEMETRY, '{"n":1}', { qos: 1 });
  await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live');
  const gapsBefore = (await gaps(page)).length;
  proxy.close();
  await page.until('offline', () => phase(page) === 'offline');
  await world.subscribed(page);
  expect(proxy.counts.closes).toBe(1);
  expect(page.latest.link).toMatchObject({ protocol: 4, sessionPresent: false });
  expect((await gaps(page)).length).toBe(gapsBefore + 1);
}, 30_000);
