import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';
import { startRabbitmq } from '../support/brokers/start-rabbitmq.ts';
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

test('RabbitMQ keeps a description that nobody here has seen: it is found before another is put in its place', async () => {
  const admin = await connectWebClient(broker.ws, { ...broker.credential('admin'), protocolVersion: 4 });
  await admin.publishAsync('devices/pump-1/meta', '{"name":"Old"}', { qos: 1, retain: true });
  await admin.endAsync(true);
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
  const change = (device: string) =>
    page.call('describe', { device: `devices:${device}`, document: { name: 'New' }, over: null });
  const [unseen, none] = await Promise.allSettled([change('pump-1'), change('pump-2')]);
  expect(unseen).toMatchObject({ reason: { message: expect.stringContaining('somebody else changed') } });
  expect(none).toMatchObject({ value: 'accepted' });
  expect(await page.call('describedAs', 'devices:pump-1')).toEqual({ name: 'Old' });
}, 30_000);
