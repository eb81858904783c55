import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';
import { startRabbitmq } from '../support/brokers/start-rabbitmq.ts';
import { policyDocument, policyTopic, type Policy } from '../../src/model/policy.ts';
import { settled } from '../support/fake-session.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';
import { connectWebClient } from '../support/web-client.ts';

let broker: RunningBroker;
let engine: Engine;
beforeAll(async () => {
  broker = await startRabbitmq(await loadPolicy({ devices: ['pump-1', 'pump-2'] }));
  engine = await testEngine();
}, 90_000);
afterAll(async () => {
  await engine.stop();
  await broker.stop();
}, 30_000);

/** Somebody else leaves a retained message. */
async function leave(topic: string, payload: string): Promise<void> {
  const admin = await connectWebClient(broker.ws, { ...broker.credential('admin'), protocolVersion: 4 });
  await admin.publishAsync(topic, payload, { qos: 1, retain: true });
  await admin.endAsync(true);
}

/** Tells the admin of its rights and limits. */
async function leavePolicy(): Promise<Policy> {
  const policy = await loadPolicy({ devices: ['pump-1', 'pump-2'] });
  const admin = policy.principals.find(({ username }) => username === 'admin')!;
  await leave(policyTopic('admin'), JSON.stringify(policyDocument(admin, policy.limits)));
  return policy;
}

async function signedIn(): Promise<TestPage> {
  const page = new TestPage(engine);
  await page.call('signIn', {
    base: '/',
    profile: { name: 'test', kind: 'rabbitmq', urls: [broker.ws], root: 'devices' },
    username: 'admin',
    credential: broker.credential('admin'),
  });
  await page.until('every subscription is granted', () =>
    page.latest.subscriptions?.every(({ state }) => state === 'granted'),
  );
  await settled();
  return page;
}

test('RabbitMQ keeps a description that nobody here has seen: it is found before another is put in its place', async () => {
  await leave('devices/pump-1/meta', '{"name":"Old"}');
  const page = await signedIn();
  const change = (device: string) =>
    page.call('describe', { device: `devices:${device}`, document: { name: 'New' }, over: null });
  const [unseen, none] = await Promise.allSettled([change('pump-1'), change('pump-2')]);
  expect(unseen).toMatchObject({ reason: { message: expect.stringContaining('somebody else changed') } });
  expect(none).toMatchObject({ value: 'accepted' });
  expect(await page.call('describedAs', 'devices:pump-1')).toEqual({ name: 'Old' });
}, 30_000);

test('RabbitMQ keeps a configuration that nobody here has seen: it is found before another is put in its place', async () => {
  await leave('devices/pump-1/config', '{"limit":60}');
  // Who is not known to be told of it is not subscribed: RabbitMQ would end the connection.
  await leavePolicy();
  const page = await signedIn();
  await page.until('what is asked of devices is subscribed', () =>
    page.latest.subscriptions?.some(
      ({ filter, state }) => filter === 'devices/+/config' && state === 'granted',
    ),
  );
  const configure = async (device: string) => {
    const config = { base: null };
    const args = { limit: 70 };
    const { id } = await page.call('send', {
      device: `devices:${device}`,
      name: 'configuration',
      args,
      config,
    });
    return () => page.commands.get(id);
  };
  const [unseen, none] = await Promise.all([configure('pump-1'), configure('pump-2')]);
  await page.until('it is refused', () => unseen()?.outcome === 'refused', 20_000);
  expect(unseen()?.error).toContain(
    'somebody else changed what is asked of the device meanwhile (limit from nothing to 60)',
  );
  await page.until('it is taken', () => none()?.outcome === 'accepted', 20_000);
}, 40_000);

test('RabbitMQ is not sent what its policy does not allow: it would pass on nothing more, and not say so', async () => {
  const { messageBytes } = (await leavePolicy()).limits;
  const page = await signedIn();
  await page.until('the policy document has come', () => page.latest.policy?.messageBytes === messageBytes);
  const say = (text: string) => page.call('send', { device: 'devices:pump-1', name: 'say', args: { text } });
  const large = await say('x'.repeat(messageBytes));
  const after = await say('x');
  await page.until('what comes after it is taken', () => page.commands.get(after.id)?.outcome === 'accepted');
  expect(page.commands.get(large.id)).toMatchObject({
    outcome: 'refused',
    error: expect.stringContaining(`the policy of this broker allows ${messageBytes}.`),
  });
}, 40_000);
