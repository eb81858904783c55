import 'fake-indexeddb/auto';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { WITNESS, withWitness } from '../../broker-config/with-witness.ts';
import type { Command } from '../../src/model/command.ts';
import { commandWords } from '../../src/ui/words/command-words.ts';
import { subscriptionWords } from '../../src/ui/words/subscription-words.ts';
import { CLAIMS, CONFIGURED, NOT_ASKED } from '../support/brokers/claims.ts';
import { onEachBroker } from '../support/brokers/on-each-broker.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';
import { connectWebClient } from '../support/web-client.ts';

const FILTER = 'devices/+/cmd';

let homes = 0;
let fences = 0;

onEachBroker((name, start) => {
  const { kind, rows } = CLAIMS[name];
  let broker: RunningBroker;
  const places = new Map<string, { page: TestPage; proxy: FaultProxy }>();
  let witness: MqttClient;
  let limit: number;
  /** The payloads that the witness saw. */
  const seen: string[] = [];
  const running: { stop(): unknown }[] = [];

  beforeAll(async () => {
    const policy = withWitness(await loadPolicy({ devices: ['pump-1'] }));
    limit = policy.limits.messageBytes;
    broker = await start(policy);
    running.push(broker);
    witness = await connectWebClient(broker.ws, broker.credential(WITNESS));
    running.push({ stop: () => witness.endAsync(true) });
    witness.on('message', (_topic, payload) => void seen.push(String(payload)));
    await witness.subscribeAsync(['devices/+/cmd', 'devices/+/config'], { qos: 1 });
    const pages = rows.flatMap(({ version }) => [open('operator', version), open('viewer', version)]);
    await Promise.all(pages);
  }, 90_000);
  afterAll(async () => {
    for (const one of running.reverse()) await one.stop();
  }, 30_000);

  async function open(username: string, version: 4 | 5): Promise<void> {
    const proxy = await FaultProxy.start(Number(new URL(broker.ws).port));
    const engine = await testEngine();
    running.push(proxy, engine);
    const page = new TestPage(engine);
    places.set(`${username} ${version}`, { page, proxy });
    await page.call('signIn', {
      base: `/claims-${++homes}/`,
      profile: {
        name: 'plant',
        kind,
        urls: [proxy.url.replace('/mqtt', new URL(broker.ws).pathname)],
        root: 'devices',
        protocol: version,
      },
      username,
      credential: broker.credential(username),
    });
    await page.until('telemetry', () => said(page, 'devices/+/telemetry').startsWith('granted'), 30_000);
    await witness.publishAsync('devices/pump-1/telemetry', '{"t":1}', { qos: 1 });
    await page.until('the pump', () => page.device('pump-1'));
    // Without a policy document it waits for one before it asks for this.
    if (!rows.some(({ granted }) => granted === NOT_ASKED))
      await page.until('the commands of others', () => !/^(not )?asked/.test(said(page, FILTER)));
  }

  const send = (page: TestPage, name: string) =>
    page.call('send', { device: 'devices:pump-1', name, args: {}, ttl: 30 });
  const saw = (id: string) => seen.some((payload) => payload.includes(id));
  const reads = (page: TestPage, { id }: Command, words: (text: string) => boolean, ms?: number) =>
    page.until(
      `what is said of ${id}`,
      () => {
        const command = page.commands.get(id);
        return command && words(commandWords(command)) ? command : undefined;
      },
      ms,
    );
  const said = (page: TestPage, filter: string) => {
    const found = page.latest.subscriptions?.find((one) => one.filter === filter);
    return found ? subscriptionWords(found) : NOT_ASKED;
  };

  const ask = (page: TestPage, args: unknown, base: unknown) =>
    page.call('send', { device: 'devices:pump-1', name: 'configuration', args, ttl: 30, config: { base } });
  /** Resolves when the witness has all that the broker took before this call. */
  const fence = async () => {
    const text = `fence ${++fences}`;
    await witness.publishAsync('devices/pump-1/cmd', text, { qos: 1 });
    await vi.waitFor(() => expect(seen).toContain(text), 10_000);
  };

  describe.each(rows)('MQTT $version', (row) => {
    const { version, sent, denied, granted, notGranted } = row;

    test('a configuration: the word for it, and the witness sees what the operator asks for, and nothing of the viewer', async () => {
      const operator = places.get(`operator ${version}`)!.page;
      const viewer = places.get(`viewer ${version}`)!.page;
      const wanted = { by: 'operator', version };
      const forbidden = { by: 'viewer', version };
      const asked = await ask(operator, wanted, null);
      const refused = await ask(viewer, forbidden, null);
      await reads(operator, asked, (text) => text === CONFIGURED);
      await vi.waitFor(() => expect(seen).toContain(JSON.stringify(wanted)));
      await reads(viewer, refused, (text) => row.configDenied.test(text), 20_000);
      await fence();
      expect(seen).not.toContain(JSON.stringify(forbidden));
      await witness.publishAsync('devices/pump-1/config', '', { qos: 1, retain: true });
    }, 60_000);

    test('what is allowed: the word for it, the witness sees it, and no more is said while the link is cut', async () => {
      const { page, proxy } = places.get(`operator ${version}`)!;
      expect(said(page, FILTER)).toBe(granted);
      const plain = await send(page, 'plain');
      await reads(page, plain, (text) => text === sent);
      await vi.waitFor(() => expect(saw(plain.id)).toBe(true));

      proxy.dig('to-client');
      const cut = await send(page, 'cut');
      await vi.waitFor(() => expect(saw(cut.id)).toBe(true), 5_000);
      expect(commandWords(page.commands.get(cut.id)!)).toBe('Sent, not confirmed.');
      proxy.heal(true);
      proxy.reset();
      await reads(page, cut, (text) => text === sent);
    }, 40_000);

    test('the link is cut after SUBSCRIBE: it is called asked, whatever the broker made of it, until an answer comes', async () => {
      const { page, proxy } = places.get(`operator ${version}`)!;
      const filter = 'devices/+/telemetry';
      proxy.delay = 300;
      proxy.reset();
      await page.until(
        'SUBSCRIBE is on its way',
        () => said(page, filter) === 'asked, no answer yet',
        20_000,
      );
      const { swallowed } = proxy.counts;
      proxy.dig('to-client');
      // The answer fell into the hole.
      await vi.waitFor(() => expect(proxy.counts.swallowed).toBeGreaterThan(swallowed), 10_000);
      expect(said(page, filter)).toBe('asked, no answer yet');
      proxy.delay = 0;
      proxy.heal(true);
      proxy.reset();
      await page.until('granted again', () => /^granted/.test(said(page, filter)), 20_000);
    }, 60_000);

    test('a message larger than the roles file allows: no more is said than a witness sees', async () => {
      const { page } = places.get(`operator ${version}`)!;
      const raw = JSON.stringify({ large: version, text: 'x'.repeat(limit) });
      const handling = { qos: 1, retain: false } as const;
      const large = await page.call('send', {
        device: 'devices:pump-1',
        name: 'large',
        args: {},
        raw,
        handling,
        ttl: 30,
      });
      const after = await send(page, 'after');
      if (row.passesAfter) await vi.waitFor(() => expect(saw(after.id)).toBe(true), 10_000);
      await fence();
      await reads(page, large, (text) => row.large.test(text));
      await reads(page, after, (text) => text === (row.passesAfter ? sent : 'Sent, not confirmed.'));
      expect([seen.includes(raw), saw(after.id)]).toEqual([row.passesLarge, row.passesAfter]);
    }, 60_000);

    test('what is denied: the word for it, and the witness sees nothing', async () => {
      const { page } = places.get(`viewer ${version}`)!;
      expect(said(page, FILTER)).toMatch(notGranted);
      const command = await send(page, 'forbidden');
      const { outcome } = await reads(page, command, (text) => denied.test(text));
      expect(['done', 'accepted']).not.toContain(outcome);
      await fence();
      expect(saw(command.id)).toBe(false);
    }, 60_000);
  });
});
