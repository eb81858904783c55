import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayPublish, policyTopic } from '../../src/model/policy.ts';
import type { Principal } from '../../src/model/policy.ts';
import { matches } from '../../src/model/topic.ts';
import { connectClient } from '../support/broker-clients.ts';
import type { TestClient } from '../support/broker-clients.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import type { RunningMosquitto } from '../support/mosquitto.ts';
import { policyWithWitness } from '../support/policy-with-witness.ts';

// What a principal may do is what the policy says; what it can do is what the witness saw. Return codes are not asked:
// over 3.1.1 Mosquitto answers a publish that it drops like one that it keeps, and it grants every subscription.

const DEVICES = ['pump-1', 'pump-2'];
const LEAVES = [
  'telemetry',
  'status',
  'ack',
  'meta',
  'config',
  'config/reported',
  'cmd',
  'cmd/deeper',
  'unknown',
];
const USERS = ['viewer', 'operator', 'admin', 'pump-1', 'pump-2'];
const TOPICS = [
  ...DEVICES.flatMap((id) => LEAVES.map((leaf) => `devices/${id}/${leaf}`)),
  'devices/viewer/status',
  'devices',
  'devices/pump-1',
  ...USERS.map(policyTopic),
  'telltale/boards/hall',
  'elsewhere/pump-1/status',
];

let broker: RunningMosquitto;
let witness: TestClient;
let fences = 0;

beforeAll(async () => {
  broker = await startMosquitto({ policy: await policyWithWitness(DEVICES) });
  witness = await connectClient(broker.mqtt, credential('witness'));
  await witness.subscribe('#');
});
afterAll(async () => {
  await witness.end();
  await broker.stop();
});

function credential(username: string) {
  const found = broker.credentials.users[username] ?? broker.credentials.devices[username];
  if (!found) throw new Error(`No credential for ${username}.`);
  return found;
}

function principal(username: string): Principal {
  const found = broker.policy.principals.find((one) => one.username === username);
  if (!found) throw new Error(`No principal ${username}.`);
  return found;
}

/** Devices come by TCP, people by WebSocket, as in the field. */
function signIn(username: string, version: 4 | 5) {
  const url = principal(username).id === undefined ? broker.ws : broker.mqtt;
  return connectClient(url, credential(username), { version });
}

/** Resolves when the witness has everything that the broker took before this call. */
async function witnessCaughtUp(): Promise<void> {
  const payload = `fence ${++fences}`;
  await witness.publish('elsewhere/fence', payload);
  await witness.received((message) => message.payload === payload);
}

/** All at once, so that the round trips overlap; the broker still gets them in this order. */
async function publishEach(
  client: TestClient,
  topics: readonly string[],
  payload: string,
  options?: { retain?: boolean },
): Promise<void> {
  await Promise.all(topics.map((topic) => client.publish(topic, payload, options)));
}

/** Resolves when `client` has everything that the broker took for it before this call. */
async function caughtUp(client: TestClient, username: string): Promise<void> {
  const payload = `fence ${++fences}`;
  await witness.publish(policyTopic(username), payload);
  await client.received((message) => message.payload === payload);
}

describe.each([5, 4] as const)('MQTT protocol level %i', (version) => {
  test.each(USERS)('%s publishes everywhere: exactly its own topics reach the witness', async (username) => {
    const client = await signIn(username, version);
    const payload = `from ${username} by ${version}`;
    await publishEach(client, TOPICS, payload);
    await witnessCaughtUp();
    await client.end();

    const reached = witness.seen.filter((message) => message.payload === payload).map(({ topic }) => topic);
    const allowed = (topic: string) =>
      mayPublish(principal(username), topic) || mayForgeOnMosquitto(username, topic);
    expect(reached).toEqual(TOPICS.filter(allowed));
  });

  test.each(USERS)('%s subscribes to everything: exactly its own topics reach it, live', async (username) => {
    const client = await signIn(username, version);
    await client.subscribe('#', '$SYS/#', 'devices/#', '+/+/cmd');
    await client.subscribe(...TOPICS);
    const payload = `to ${username} by ${version}`;
    await publishEach(witness, TOPICS, payload);
    await caughtUp(client, username);
    await client.end();

    const reached = new Set(
      client.seen.filter((message) => message.payload === payload).map(({ topic }) => topic),
    );
    expect([...reached].sort()).toEqual(readable(username));
    expect(client.seen.filter(({ topic }) => topic.startsWith('$'))).toEqual([]);
  });

  test.each(USERS)('%s subscribes late: exactly its own retained topics reach it', async (username) => {
    const payload = `kept for ${username} by ${version}`;
    await publishEach(witness, TOPICS, payload, { retain: true });
    const client = await signIn(username, version);
    await client.subscribe('#');
    await caughtUp(client, username);
    await client.end();
    await publishEach(witness, TOPICS, '', { retain: true });

    const reached = client.seen.filter((message) => message.payload === payload && message.retain);
    expect(reached.map(({ topic }) => topic).sort()).toEqual(readable(username));
  });

  test.each(USERS)('%s clears a ghost: only the admin, and a device its own', async (username) => {
    const topics = LEAVES.slice(0, 6).map((leaf) => `devices/pump-1/${leaf}`);
    await publishEach(witness, topics, 'left behind', { retain: true });
    const client = await signIn(username, version);
    await publishEach(client, topics, '', { retain: true });
    await client.end();

    const late = await connectClient(broker.ws, credential('witness'), { version });
    await late.subscribe('devices/pump-1/#');
    await witness.publish('devices/pump-1/unknown', 'that was all');
    await late.received(({ payload }) => payload === 'that was all');
    await late.end();
    const left = late.seen.filter(({ payload }) => payload === 'left behind').map(({ topic }) => topic);
    const { clearRetained } = principal(username);
    const clears = (topic: string) => clearRetained || mayPublish(principal(username), topic);
    expect(left.sort()).toEqual(topics.filter((topic) => !clears(topic)).sort());
  });

  test("a last will to a topic that is not the device's own reaches nobody", async () => {
    const payload = `forged will by ${version}`;
    const thief = await connectClient(broker.mqtt, credential('pump-2'), {
      version,
      will: { topic: 'devices/pump-1/status', payload, qos: 1, retain: true },
    });
    const own = `own will by ${version}`;
    const honest = await connectClient(broker.mqtt, credential('pump-1'), {
      version,
      will: { topic: 'devices/pump-1/status', payload: own, qos: 1, retain: true },
    });
    thief.mqtt.stream.destroy();
    await thief.closed;
    honest.mqtt.stream.destroy();
    await witness.received((message) => message.payload === own);
    await witnessCaughtUp();
    expect(witness.seen.filter((message) => message.payload === payload)).toEqual([]);
  });
});

/** The limit that the generated README names: Mosquitto cannot tell an empty payload from any other. */
function mayForgeOnMosquitto(username: string, topic: string): boolean {
  const leaves = ['telemetry', 'status', 'ack', 'config/reported'];
  return principal(username).clearRetained && leaves.some((leaf) => matches(`devices/+/${leaf}`, topic));
}

function readable(username: string): readonly string[] {
  return TOPICS.filter((topic) =>
    principal(username).subscribe.some((filter) => matches(filter, topic)),
  ).sort();
}
