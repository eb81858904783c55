import 'fake-indexeddb/auto';
import type { MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { policyDocument, policyTopic } from '../../src/model/policy.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { startMosquitto, type RunningMosquitto } from '../support/mosquitto.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';
import { connectWebClient } from '../support/web-client.ts';

const BOARD = 'devices:my-board';
const CONFIG = 'devices/my-board/config';

let mosquitto: RunningMosquitto;
let admin: MqttClient;
/** What the board was asked, and whoever waits for it. */
let heard: string[];
let onHeard = () => {};
const engines: Engine[] = [];
let homes = 0;

beforeAll(async () => {
  mosquitto = await startMosquitto();
  admin = await connectWebClient(mosquitto.ws, mosquitto.credentials.users['admin']);
  for (const principal of mosquitto.policy.principals) {
    const document = JSON.stringify(policyDocument(principal, mosquitto.policy.limits));
    await admin.publishAsync(policyTopic(principal.username), document, { qos: 1, retain: true });
  }
});

beforeEach(async () => {
  await admin.publishAsync(CONFIG, '{"interval":5}', { qos: 1, retain: true });
});

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
});

afterAll(async () => {
  await admin.endAsync(true);
  await mosquitto.stop();
});

async function signedIn(name: string): Promise<TestPage> {
  const engine = await testEngine();
  engines.push(engine);
  const page = new TestPage(engine);
  await page.call('signIn', {
    base: `/${++homes}/`,
    profile: { name: 'test', kind: 'mosquitto', urls: [mosquitto.ws], root: 'devices' },
    username: name,
    credential: mosquitto.credentials.users[name]!,
  });
  await page.until('what may be read is granted', () => {
    const found = page.latest.subscriptions?.find(({ filter }) => filter === 'devices/+/config');
    return name === 'viewer' ? page.latest.policy : found?.state === 'granted';
  });
  return page;
}

async function board(): Promise<MqttClient> {
  heard = [];
  const client = await connectWebClient(mosquitto.ws, {
    ...mosquitto.credentials.devices['my-board'],
    clientId: 'my-board',
  });
  client.on('message', (_, payload) => {
    heard.push(payload.toString());
    onHeard();
  });
  await client.subscribeAsync(CONFIG, { qos: 1 });
  await client.publishAsync('devices/my-board/status', '{"online":true}', { qos: 1, retain: true });
  return client;
}

function asked(payload: string): Promise<void> {
  return new Promise((resolve) => {
    onHeard = () => {
      if (heard.includes(payload)) resolve();
    };
    onHeard();
  });
}

const ask = (page: TestPage, args: unknown, base: unknown) =>
  page.call('send', { device: BOARD, name: 'configuration', args, config: { base } });

const desired = (page: TestPage) => page.device('my-board')?.config?.desired;

test('an operator asks, the board reports it, and the other console is told who asked; a viewer is told neither', async () => {
  const device = await board();
  const [operator, other, viewer] = [
    await signedIn('operator'),
    await signedIn('admin'),
    await signedIn('viewer'),
  ];
  const { id } = await ask(operator, { interval: 10 }, { interval: 5.0 });
  await asked('{"interval":10}');
  await other.until('who asked', () => desired(other)?.by === 'operator');
  await operator.until('accepted', () => operator.commands.get(id)?.outcome === 'accepted');
  const report = JSON.stringify({ version: 2, interval: 10 });
  await device.publishAsync(`${CONFIG}/reported`, report, { qos: 1, retain: true });
  await operator.until('done', () => operator.commands.get(id)?.outcome === 'done');
  expect(await other.call('configHistory', BOARD)).toMatchObject([
    { origin: 'elsewhere', by: 'operator', from: { interval: 5 }, to: { interval: 10 } },
  ]);
  await viewer.until('what is in force', () => viewer.device('my-board')?.config?.reported);
  expect(desired(viewer)).toBeUndefined();

  // It is retained, and without an expiry: whoever comes later is told, and by whom.
  const late = await signedIn('operator');
  await late.until('the retained copy', () => desired(late)?.source === 'retained');
  expect(desired(late)).toMatchObject({ value: { interval: 10 }, by: 'operator' });
  await device.endAsync();
});

test('the second of two who began from the same is refused, and nothing of theirs is on the broker', async () => {
  const device = await board();
  const [operator, other] = [await signedIn('operator'), await signedIn('admin')];
  await ask(operator, { interval: 20 }, { interval: 5 });
  await other.until('heard', () => desired(other)?.by === 'operator');
  const second = await ask(other, { interval: 30 }, { interval: 5 });
  expect(second).toMatchObject({ outcome: 'refused', attempts: 0 });
  expect(second.error).toContain('interval from 5 to 20');
  await ask(other, null, { interval: 20 });
  await operator.until('cleared', () => operator.device('my-board') && desired(operator) === undefined);
  await asked('');
  expect(heard).toEqual(['{"interval":5}', '{"interval":20}', '']);
  await device.endAsync();
});

test('decided without a link: it goes when the link is back, and not if what is asked is something else by then', async () => {
  const operator = await signedIn('operator');
  await operator.until('what is asked', () => desired(operator));
  await mosquitto.down();
  await operator.until('no link', () => operator.latest.link?.phase !== 'live');
  const stale = await ask(operator, { interval: 30 }, { interval: 4 });
  const fresh = await ask(operator, { interval: 40 }, { interval: 5 });
  expect([stale.outcome, fresh.outcome]).toEqual(['queued', 'queued']);
  await mosquitto.up();
  await operator.call('retryNow');
  await operator.until('taken', () => operator.commands.get(fresh.id)?.outcome === 'accepted');
  expect(operator.commands.get(stale.id)).toMatchObject({ outcome: 'refused', attempts: 0 });
  await operator.until(
    'handed out',
    () => (desired(operator)?.value as { interval: number }).interval === 40,
  );
});
