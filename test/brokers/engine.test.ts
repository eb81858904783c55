import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import type { AedesOptions } from 'aedes';
import type { Engine } from '../../src/engine/engine.ts';
import { startTestBroker, type TestBroker } from '../support/test-broker.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';

const running: { stop(): Promise<void> }[] = [];
let homes = 0;

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function broker(options: AedesOptions = {}, port = 0): Promise<TestBroker> {
  const started = await startTestBroker(options, port);
  running.push(started);
  return started;
}

async function engine(): Promise<Engine> {
  const started = await testEngine();
  running.push(started);
  return started;
}

/** What a page asks for to sign in; every test has a home of its own. */
function signIn(url: string, base = `/${++homes}/`) {
  return {
    base,
    profile: { name: 'test', kind: 'aedes' as const, urls: [url], root: 'devices' },
    username: 'operator',
    credential: { username: 'operator', password: 'secret' },
  };
}

/** What is published before the broker has granted the subscriptions is not for us. */
async function subscribed(page: TestPage): Promise<void> {
  await page.until('every subscription is granted', () =>
    page.latest.subscriptions?.every((subscription) => subscription.state.startsWith('granted')),
  );
}

test('the fleet fills from retained status and a live value becomes live', async () => {
  const { url, publish } = await broker();
  await publish('devices/pump-1/status', '{"online":true}', { retain: true, qos: 1 });
  const page = new TestPage(await engine());
  await page.call('signIn', signIn(url));
  await page.until('pump-1 is online', () => page.device('pump-1')?.status === 'online');
  await subscribed(page);
  expect(page.device('pump-1')?.lastSeen).toBeUndefined();
  await publish('devices/pump-1/telemetry', '{"p":2.5,"on":true}');
  const value = await page.until('a live value', () => page.value('pump-1', 'p'));
  expect(value).toMatchObject({ value: 2.5, source: 'live' });
  expect(page.value('pump-1', 'on')?.value).toBe(true);
  expect(page.latest.link).toMatchObject({ phase: 'live', protocol: 4 });
  expect(page.latest.link?.protocolReason).toContain('MQTT 5');
});

test('a retained reading is shown as retained and never recorded', async () => {
  const { url, publish } = await broker();
  await publish('devices/pump-1/telemetry', '{"p":1}', { retain: true });
  const page = new TestPage(await engine());
  await page.call('signIn', signIn(url));
  const value = await page.until('the retained value', () => page.value('pump-1', 'p'));
  expect(value.source).toBe('retained');
  expect(value.at).toBeNaN();
  expect((await page.call('exportHistory', page.device('pump-1')?.key ?? '')).samples).toBe(0);
});

test('a wrong password is one sentence and no loop', async () => {
  let connects = 0;
  const { url } = await broker({
    authenticate: (_client, _username, _password, done) => {
      connects++;
      done(Object.assign(new Error('no'), { returnCode: 4 }), false);
    },
  });
  const page = new TestPage(await engine());
  await expect(page.call('signIn', signIn(url))).rejects.toThrow(
    'The broker refused the password for operator. Check it and sign in again.',
  );
  await page.until('the link says refused', () => page.latest.link?.phase === 'refused');
  expect(page.latest.link?.retryAt).toBeUndefined();
  // MQTT 5 is refused before the password is looked at, 3.1.1 once.
  expect(connects).toBe(1);
});

test('an address where nobody ever answered is refused instead of tried for ever', async () => {
  const page = new TestPage(await engine());
  await expect(page.call('signIn', signIn('ws://127.0.0.1:9/mqtt'))).rejects.toThrow('No broker answers at');
});

test('the broker stops and comes back: nothing looks live, the page recovers, and the outage is a gap', async () => {
  const first = await startTestBroker();
  const page = new TestPage(await engine());
  const request = signIn(first.url);
  await page.call('signIn', request);
  await subscribed(page);
  await first.publish('devices/pump-1/status', '{"online":true}', { retain: true, qos: 1 });
  await first.publish('devices/pump-1/telemetry', '{"p":1}');
  await page.until('a live value', () => page.value('pump-1', 'p')?.source === 'live');
  const stoppedAt = Date.now();
  await first.stop();
  await page.until('offline', () => page.latest.link?.phase === 'offline');
  expect(Date.now() - stoppedAt).toBeLessThan(2_000);
  await page.until('the value is stale', () => page.value('pump-1', 'p')?.source === 'stale');
  expect(page.device('pump-1')?.status).toBe('stale');
  expect(page.latest.link?.since).toBeGreaterThanOrEqual(stoppedAt - 50);

  const second = await broker({}, first.port);
  await page.until('live again', () => page.latest.link?.phase === 'live');
  await subscribed(page);
  expect(page.value('pump-1', 'p')?.source).toBe('stale');
  await second.publish('devices/pump-1/telemetry', '{"p":2}');
  await page.until('a live value again', () => page.value('pump-1', 'p')?.source === 'live');
  const device = page.device('pump-1')?.key ?? '';
  const answer = await page.call('series', {
    channels: [{ device, channel: 'p' }],
    from: stoppedAt - 60_000,
    to: Date.now() + 1_000,
    pixels: 500,
  });
  expect([...(answer.series[0]?.value ?? [])]).toEqual([1, 2]);
  expect(answer.gaps).toHaveLength(1);
  expect(answer.gaps[0]?.to).toBeGreaterThan(stoppedAt);
});

test('a command goes sent, accepted, done with the answer of the device', async () => {
  const { url, aedes, publish } = await broker();
  const seen: unknown[] = [];
  await new Promise<void>((resolve) =>
    aedes.subscribe(
      'devices/pump-1/cmd',
      (packet, done) => {
        const command = JSON.parse(packet.payload.toString());
        seen.push(command);
        void publish(
          'devices/pump-1/ack',
          JSON.stringify({ id: command.id, ok: true, result: { relay: true } }),
        );
        done();
      },
      resolve,
    ),
  );
  await publish('devices/pump-1/status', '{"online":true}', { retain: true });
  const page = new TestPage(await engine());
  await page.call('signIn', signIn(url));
  await page.until('pump-1', () => page.device('pump-1'));
  const sent = await page.call('send', { device: 'devices:pump-1', name: 'switch', args: { on: true } });
  const done = await page.until('done', () => {
    const command = page.commands.get(sent.id);
    return command?.outcome === 'done' ? command : undefined;
  });
  expect(done).toMatchObject({ result: { relay: true }, provenBy: 'ack', attempts: 1, by: 'operator' });
  expect(seen).toMatchObject([{ id: sent.id, name: 'switch', args: { on: true }, by: 'operator' }]);
  expect(sent.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
});

test('a command without an answer is unanswered after its deadline, and a late answer still counts', async () => {
  const { url, publish } = await broker();
  const page = new TestPage(await engine());
  await page.call('signIn', signIn(url));
  const { id } = await page.call('send', { device: 'devices:mute', name: 'x', args: {}, ttl: 0.3 });
  await page.until('unanswered', () => page.commands.get(id)?.outcome === 'unanswered');
  expect(page.outcomes.get(id)).toContain('accepted');
  await publish('devices/mute/ack', JSON.stringify({ id, ok: false, error: 'too late' }));
  await page.until('failed', () => page.commands.get(id)?.outcome === 'failed');
  expect(page.commands.get(id)?.error).toBe('too late');
});

test('a publish that the broker denies by closing is refused, once, and the link comes back', async () => {
  const seen: string[] = [];
  const { url, publish } = await broker({
    authorizePublish: (client, packet, done) => {
      if (client && packet.topic.endsWith('/cmd')) {
        seen.push(packet.topic);
        done(new Error('not you'));
      } else done(null);
    },
  });
  const policy = {
    version: 1,
    username: 'operator',
    role: 'viewer',
    subscribe: ['devices/+/status'],
    publish: [],
  };
  await publish('telltale/policy/operator', JSON.stringify(policy), { retain: true });
  const page = new TestPage(await engine());
  await page.call('signIn', signIn(url));
  await page.until('the policy', () => page.latest.policy?.role === 'viewer');
  const { id } = await page.call('send', { device: 'devices:pump-1', name: 'x', args: {} });
  const refused = await page.until('refused', () => {
    const command = page.commands.get(id);
    return command?.outcome === 'refused' ? command : undefined;
  });
  expect(refused.error).toContain('operator may not publish on devices/pump-1/cmd');
  await page.until('live again', () => page.latest.link?.phase === 'live');
  await subscribed(page);
  await publish('devices/pump-1/telemetry', '{"p":1}');
  await page.until('values flow again', () => page.value('pump-1', 'p')?.source === 'live');
  expect(seen).toHaveLength(1);
});

test('what was received is there after the page is gone, once and with its time', async () => {
  const { url, publish } = await broker();
  const request = signIn(url);
  const first = await testEngine();
  const page = new TestPage(first);
  await page.call('signIn', request);
  await subscribed(page);
  for (let n = 0; n < 50; n++) await publish('devices/pump-1/telemetry', JSON.stringify({ n }));
  await page.until('the last one', () => page.value('pump-1', 'n')?.value === 49);
  await first.stop();

  const again = new TestPage(await engine());
  const { credential: _, ...home } = request;
  await again.call('open', home);
  const value = await again.until('the remembered value', () => again.value('pump-1', 'n'));
  expect(value).toMatchObject({ value: 49, source: 'history' });
  expect(again.device('pump-1')?.status).toBe('stale');
  const text = (await again.call('exportHistory', 'devices:pump-1')).text;
  const numbers = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).v);
  expect(numbers).toEqual([...Array(50).keys()]);
});
