import 'fake-indexeddb/auto';
import { randomBytes } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/engine/time/clock.ts';
import { TAP_LIMITS } from '../../src/engine/connection/tap.ts';
import type { History } from '../../src/engine/history/history.ts';
import { openHistory } from '../../src/engine/history/open-history.ts';
import type { Convention } from '../../src/model/convention.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { exported } from '../unit/engine/history/history-world.ts';
import { Gate, Listener } from '../support/listener.ts';
import { startMosquitto, type RunningMosquitto } from '../support/mosquitto.ts';
import { readShelf } from '../support/shelf.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';

const TELEMETRY = 'devices/pump-1/telemetry';
const FENCE = 'devices/pump-1/ack';
const COUNT = 10_000;
const PUMP = 'devices:pump-1';

let mosquitto: RunningMosquitto;
const running: { stop(): unknown }[] = [];

beforeAll(async () => {
  mosquitto = await startMosquitto({ devices: ['pump-1'] });
});
afterAll(() => mosquitto.stop());
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

function credential(username: string) {
  const found = mosquitto.credentials.users[username] ?? mosquitto.credentials.devices[username];
  if (!found) throw new Error(`No credential for ${username}.`);
  return found;
}

/** A stock client. Over WebSocket, since mqtt.js decides once in a process whether it has Node's transports. */
async function client(username: string): Promise<MqttClient> {
  const connected = await connectAsync(mosquitto.ws, {
    ...credential(username),
    reconnectPeriod: 0,
    forceNativeWebSocket: true,
    createWebsocket: (url: string, subprotocols: string[]) => new WebSocket(url, subprotocols),
  });
  running.push({ stop: () => connected.endAsync(true) });
  return connected;
}

/** Publishes `{"n":from}` to `{"n":to-1}` at QoS 1 and resolves when the broker has all of them. */
async function publishNumbers(device: MqttClient, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  await Promise.all(numbers.map((n) => device.publishAsync(TELEMETRY, JSON.stringify({ n }), { qos: 1 })));
}

function listen(options: ConstructorParameters<typeof Listener>[0]): Listener {
  const listener = new Listener(options);
  running.push(listener);
  return listener;
}

async function history(): Promise<History> {
  const opened = await openHistory({
    name: `acknowledgements-${randomBytes(4).toString('hex')}`,
    open: openDatabase,
    clock: systemClock,
    random: (n) => new Uint8Array(randomBytes(n)),
    onChange: () => undefined,
  });
  running.push({ stop: () => opened.close() });
  return opened;
}

/** The house convention, asking for telemetry at QoS 1. */
async function telemetryAtQos1(): Promise<Convention[]> {
  const conventions = await readShelf<Convention>('src/conventions', 'convention');
  return conventions.map((convention) => ({
    ...convention,
    create: (profile) => {
      const session = convention.create(profile);
      return {
        filters: () => session.filters().map((wanted) => ({ ...wanted, qos: 1 as const })),
        read: (...message) => session.read(...message),
        command: (...request) => session.command(...request),
      };
    },
  }));
}

test.each([
  { protocol: 5, window: TAP_LIMITS.receiveMaximum, because: 'it was told our receive maximum' },
  { protocol: 4, window: 100, because: 'its own configuration says so' },
] as const)(
  'Mosquitto, MQTT $protocol: what is not stored stays unacknowledged, $window at once, because $because',
  async ({ protocol, window }) => {
    const gate = new Gate();
    const listener = listen({ url: mosquitto.ws, credential: credential('operator'), protocol, ...gate });
    await listener.subscribe(TELEMETRY, 1);
    await listener.subscribe(FENCE, 0);
    const device = await client('pump-1');
    await publishNumbers(device, 0, 3_000);
    // QoS 0 is not held back by the window: when this is here, so is all that the broker would send.
    await device.publishAsync(FENCE, '{}', { qos: 0 });
    await listener.until(() => listener.heard.some(({ topic }) => topic === FENCE));
    expect(listener.heard.filter(({ topic }) => topic === TELEMETRY)).toHaveLength(window);
    gate.open();
    const numbers = () => listener.heard.filter(({ topic }) => topic === TELEMETRY);
    await listener.until(() => numbers().length === 3_000);
    expect(numbers().map(({ text }) => JSON.parse(text).n)).toEqual([...Array(3_000).keys()]);
  },
  30_000,
);

test('aedes: each of 10,000 messages is on disk before the broker hears of it', async () => {
  const broker = await startTestBroker();
  running.push(broker);
  const store = await history();
  const series = store.seriesId(PUMP, 'n');
  const listener = listen({
    url: broker.url,
    credential: { username: 'operator', password: 'secret' },
    protocol: 4,
    store: ({ text, meta }) => store.record(series, meta.receivedAt, NaN, JSON.parse(text).n, false),
    flush: () => store.flush(),
  });
  let acknowledged = 0;
  let tooEarly = 0;
  const all = new Promise<void>((resolve) =>
    broker.aedes.on('ack', () => {
      acknowledged++;
      if (store.counts.stored < acknowledged) tooEarly++;
      if (acknowledged === COUNT) resolve();
    }),
  );
  await listener.subscribe(TELEMETRY, 1);
  for (let n = 0; n < COUNT; n++) await broker.publish(TELEMETRY, JSON.stringify({ n }), { qos: 1 });
  await all;
  expect(tooEarly).toBe(0);
  expect(store.counts).toEqual({ stored: COUNT, kept: COUNT, notKept: 0 });
  expect((await exported(store, PUMP)).map(({ v }) => v)).toEqual([...Array(COUNT).keys()]);
}, 30_000);

test('Mosquitto, MQTT 5: each of 10,000 messages goes through the whole engine once and in order', async () => {
  const engine = await testEngine({ conventions: await telemetryAtQos1() });
  running.push(engine);
  const page = new TestPage(engine);
  await page.call('signIn', {
    base: '/acknowledgements/',
    profile: { name: 'test', kind: 'mosquitto', urls: [mosquitto.ws], root: 'devices' },
    username: 'operator',
    credential: credential('operator'),
  });
  await page.until('every subscription is granted', () =>
    page.latest.subscriptions?.every(({ state }) => state.startsWith('granted')),
  );
  const device = await client('pump-1');
  for (let n = 0; n < COUNT; n += 500) await publishNumbers(device, n, n + 500);
  await page.until('the last one', () => page.value('pump-1', 'n')?.value === COUNT - 1, 20_000);
  const text = (await page.call('exportHistory', PUMP)).text;
  const numbers = text.split('\n').filter(Boolean);
  expect(numbers.map((line) => JSON.parse(line).v)).toEqual([...Array(COUNT).keys()]);
  expect(page.latest.counters).toMatchObject({ samples: COUNT, notKept: 0 });
}, 30_000);

test('MQTT 3.1.1 has no largest size: a retained message over ours is passed over, and the link stays', async () => {
  const broker = await startTestBroker();
  running.push(broker);
  await broker.publish(TELEMETRY, new Uint8Array(TAP_LIMITS.maximumPacketSize), { retain: true, qos: 1 });
  const listener = listen({
    url: broker.url,
    credential: { username: 'operator', password: 'secret' },
    protocol: 4,
    flush: () => Promise.resolve(),
  });
  await listener.subscribe(TELEMETRY, 1);
  await listener.until(() => listener.tooLarge.length > 0);
  await broker.publish(TELEMETRY, 'after it', { qos: 1 });
  await listener.until(() => listener.heard.length > 0);
  expect(listener.tooLarge).toEqual([[TELEMETRY, TAP_LIMITS.maximumPacketSize + 32]]);
  expect(listener.heard.map(({ text }) => text)).toEqual(['after it']);
  expect(listener.connection.state.phase).toBe('live');
});
