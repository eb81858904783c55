import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { WITNESS, withWitness } from '../../broker-config/with-witness.ts';
import { connectClient, type ConnectOptions, type TestClient } from '../support/broker-clients.ts';
import type { BROKERS } from '../support/brokers/brokers.ts';
import { onEachBroker } from '../support/brokers/on-each-broker.ts';
import { letsIn } from '../support/brokers/lets-in.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';

// What each real broker does beside its rights. Where they differ, the table says how, and the generated README of the broker
// says it to people ("What this broker cannot do").

const ORIGIN = 'https://console.example';
const DEVICES = 5_000;
const LARGE = 65_536;

interface Behaviour {
  /** A retained message comes to a filter with wildcards. */
  readonly retainedOnWildcards: boolean;
  /** A device that asks for the client id of another ends that other one. */
  readonly devicesTakeIds: boolean;
  /** Another path than the one of its address is let in. */
  readonly anyPath: boolean;
  /** Whether a page of another origin is let in; nginx or Caddy in front refuse it where the broker does not. */
  readonly anyOrigin: boolean;
  /** A WebSocket that names no subprotocol is let in. */
  readonly noSubprotocol: boolean;
  /** Within how many ms a message of 64 KB has to be there. Mosquitto before 2.1: 4 KB every 100 ms, a known limit. */
  readonly large: number;
}

const EXPECTED: { readonly [Name in (typeof BROKERS)[number][0]]: Behaviour } = {
  mosquitto: {
    retainedOnWildcards: true,
    devicesTakeIds: false,
    anyPath: true,
    anyOrigin: true,
    noSubprotocol: false,
    large: 10_000,
  },
  'mosquitto-dynsec': {
    retainedOnWildcards: true,
    devicesTakeIds: false,
    anyPath: true,
    anyOrigin: true,
    noSubprotocol: false,
    large: 10_000,
  },
  nats: {
    retainedOnWildcards: true,
    devicesTakeIds: true,
    anyPath: false,
    anyOrigin: false,
    noSubprotocol: false,
    large: 1_000,
  },
  rabbitmq: {
    retainedOnWildcards: false,
    devicesTakeIds: true,
    anyPath: false,
    anyOrigin: true,
    noSubprotocol: true,
    large: 1_000,
  },
};

/** NATS keeps a client id waiting for a second after two have quarrelled over it, or one came back before it was gone. */
async function untilIn(connect: () => Promise<TestClient>): Promise<TestClient> {
  for (;;) {
    const client = await connect().catch(() => undefined);
    if (client) return client;
  }
}

/** The one who asked for the id of `robbed` and ended it by that; `undefined` if the broker put both out. */
async function rob(
  robbed: TestClient,
  ask: () => Promise<TestClient | undefined>,
): Promise<TestClient | undefined> {
  let ended = false;
  void robbed.closed.then(() => (ended = true));
  for (;;) {
    const thief = await ask();
    if (!thief && !ended) continue;
    await robbed.closed;
    return thief;
  }
}

onEachBroker((name, start) => {
  const expected = EXPECTED[name];
  let broker: RunningBroker;
  beforeAll(async () => {
    const policy = await loadPolicy({ devices: ['pump-1', 'pump-2'] });
    broker = await start(withWitness({ ...policy, origins: [ORIGIN] }));
  }, 90_000);
  afterAll(() => broker.stop(), 30_000);

  const versions = () => broker.versions;
  const device = (id: string, options: ConnectOptions = {}) =>
    connectClient(broker.mqtt, broker.credential(id), { version: versions()[0], clientId: id, ...options });
  const person = (username: string, options: ConnectOptions = {}) =>
    connectClient(broker.ws, broker.credential(username), { version: versions()[0], ...options });

  test('a device dies without goodbye: its last will is published, and kept', async () => {
    for (const version of versions()) {
      const topic = 'devices/pump-1/status';
      const will = { topic, payload: Buffer.from(`gone ${version}`), qos: 1, retain: true } as const;
      const dying = await device('pump-1', { version, will });
      const viewer = await person('viewer', { version });
      await viewer.subscribe('devices/+/status');
      dying.mqtt.stream.destroy();
      await viewer.received(({ payload }) => payload === `gone ${version}`);
      const later = await person('viewer', { version });
      await later.subscribe(topic);
      await later.received(({ payload, retain }) => payload === `gone ${version}` && retain);
      await Promise.all([viewer, later].map((client) => client.end()));
    }
  });

  test('a last will on a topic that is not its own reaches nobody', async () => {
    for (const version of versions()) {
      const will = {
        topic: 'devices/pump-2/status',
        payload: Buffer.from('forged'),
        qos: 1,
        retain: true,
      } as const;
      const witness = await person(WITNESS, { version });
      await witness.subscribe('devices/+/status', 'devices/pump-2/status');
      // A broker may as well not let it in.
      const dying = await device('pump-1', { version, will }).catch(() => undefined);
      dying?.mqtt.stream.destroy();
      const back = await device('pump-1', { version });
      await back.publish('devices/pump-1/status', `back ${version}`);
      await witness.received(({ payload }) => payload === `back ${version}`);
      expect(witness.seen.map(({ payload }) => payload)).not.toContain('forged');
      await Promise.all([witness, back].map((client) => client.end()));
    }
  });

  test('the same sign-in comes again under the same client id: the first connection is ended, the second works', async () => {
    for (const version of versions()) {
      const first = await person('operator', { version, clientId: 'telltale-again' });
      const second = await person('operator', { version, clientId: 'telltale-again' });
      await first.closed;
      await second.subscribe('devices/+/status');
      const pump = await device('pump-1', { version });
      await pump.publish('devices/pump-1/status', `here ${version}`);
      await second.received(({ payload }) => payload === `here ${version}`);
      await Promise.all([second, pump].map((client) => client.end()));
    }
  });

  test.each(['viewer', 'pump-2'] as const)(
    "%s asks for a device's client id: it gets nothing that was meant for the device",
    async (username) => {
      const session = { clientId: 'pump-1', session: true, version: 4 } as const;
      const isPerson = username === 'viewer';
      const mayEnd = isPerson || expected.devicesTakeIds;
      const isCommand = ({ payload }: { payload: string }) => payload === `not for ${username}`;
      const robbed = await device('pump-1', session);
      await robbed.subscribe('devices/pump-1/cmd');
      const ask = () =>
        (isPerson ? person(username, session) : device(username, session)).catch(() => undefined);
      const thief = mayEnd ? await rob(robbed, ask) : await ask();
      await thief?.subscribe('devices/pump-1/cmd').catch(() => undefined);
      const operator = await person('operator', { version: 4 });
      await operator.publish('devices/pump-1/cmd', `not for ${username}`);
      const witness = await person(WITNESS, { version: 4 });
      await witness.subscribe('devices/pump-1/cmd', 'devices/+/status');
      if (mayEnd) await thief?.end();
      else await robbed.received(isCommand);
      // The device is there, or comes back, and is heard.
      const back = mayEnd ? await untilIn(() => device('pump-1', session)) : robbed;
      await back.publish('devices/pump-1/status', `after ${username}`);
      await witness.received(({ payload }) => payload === `after ${username}`);
      expect(thief?.seen.filter(isCommand) ?? []).toEqual([]);
      await Promise.all([back, thief, operator, witness].map((client) => client?.end()));
      await (await untilIn(() => device('pump-1', { version: 4 }))).end();
    },
  );

  test(`the retained status of ${DEVICES} devices is complete${expected.retainedOnWildcards ? '' : ', topic by topic: this broker has no wildcards for it'}`, async () => {
    const writer = await connectClient(broker.mqtt, broker.credential(WITNESS), { version: 4 });
    const topics = Array.from({ length: DEVICES }, (_, i) => `devices/unit-${i}/status`);
    await Promise.all(topics.map((topic) => writer.publish(topic, topic, { retain: true })));
    const viewer = await person('viewer', { version: 4 });
    await viewer.subscribe('devices/+/status');
    if (!expected.retainedOnWildcards) {
      await writer.publish('devices/last/status', 'that was all');
      await viewer.received(({ payload }) => payload === 'that was all');
      expect(viewer.seen.filter(({ retain }) => retain)).toEqual([]);
      for (let i = 0; i < DEVICES; i += 500)
        await viewer.mqtt.subscribeAsync(topics.slice(i, i + 500), { qos: 1 });
    }
    const all = () =>
      new Set(viewer.seen.filter(({ topic, payload }) => topic === payload).map(({ topic }) => topic));
    await viewer.received(() => viewer.seen.length >= DEVICES && all().size === DEVICES);
    expect(all()).toEqual(new Set(topics));
    await Promise.all([viewer, writer].map((client) => client.end()));
  }, 90_000);

  test(`64 KB are at a person whole within ${expected.large} ms`, async () => {
    const viewer = await person('viewer');
    await viewer.subscribe('devices/pump-1/telemetry');
    const pump = await device('pump-1');
    const began = performance.now();
    await pump.publish('devices/pump-1/telemetry', 'x'.repeat(LARGE));
    await viewer.received(({ payload }) => payload.length === LARGE);
    expect(performance.now() - began).toBeLessThan(expected.large);
    await Promise.all([viewer, pump].map((client) => client.end()));
  });

  test('the address of another path, another origin, no subprotocol: let in or not as the table says', async () => {
    const viewer = broker.credential('viewer');
    const at = (path: string) => new URL(path, broker.ws).href;
    expect(await letsIn(broker.ws, viewer)).toBe(true);
    expect(await letsIn(broker.ws, viewer, { origin: ORIGIN })).toBe(true);
    expect(await letsIn(broker.ws, viewer, { origin: 'https://elsewhere.example' })).toBe(expected.anyOrigin);
    expect(await letsIn(at('/elsewhere'), viewer)).toBe(expected.anyPath);
    expect(await letsIn(broker.ws, viewer, { subprotocol: '' })).toBe(expected.noSubprotocol);
  });
});
