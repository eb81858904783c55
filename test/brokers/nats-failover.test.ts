import 'fake-indexeddb/auto';
import { setTimeout as delay } from 'node:timers/promises';
import type { IClientOptions, MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { WITNESS, withWitness } from '../../broker-config/with-witness.ts';
import { deviceKeyFromId } from '../../src/model/device.ts';
import { startNatsCluster, type NatsCluster } from '../support/brokers/start-nats-cluster.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';
import { connectWebClient } from '../support/web-client.ts';

const RETAINED = 200;
const RATE_MS = 10;
/** What issue and README promise when a gateway dies. */
const LIVE_MS = 5_000;
const PUMP = deviceKeyFromId('pump-1');

let cluster: NatsCluster;
beforeAll(async () => {
  cluster = await startNatsCluster(withWitness(await loadPolicy({ devices: ['pump-1'] })));
}, 90_000);
afterAll(() => cluster.stop(), 30_000);

test('the gateway of the page is killed under a stream: it is live on another within 5 s, its subscriptions come back, and every reading is accounted for', async () => {
  const [, , third] = cluster.nodes;
  const writer = await connectWebClient(third!.ws, cluster.credential(WITNESS));
  const topics = Array.from({ length: RETAINED }, (_, i) => `devices/unit-${i}/status`);
  await Promise.all(topics.map((topic) => writer.publishAsync(topic, topic, { qos: 1, retain: true })));

  const engine = await testEngine();
  const page = new TestPage(engine);
  await page.call('signIn', {
    base: '/cluster/',
    profile: {
      name: 'plant',
      kind: 'nats',
      urls: cluster.nodes.map(({ ws }) => ws),
      root: 'devices',
      protocol: 4,
    },
    username: 'operator',
    credential: cluster.credential('operator'),
  });
  const granted = () => page.latest.subscriptions?.every(({ state }) => state === 'granted');
  await page.until('everything is granted', granted, 60_000);
  const pump = new Pump(third!.ws, { ...cluster.credential('pump-1'), clientId: 'pump-1' });
  await page.until('a live value', () => page.value('pump-1', 'n')?.source === 'live', 60_000);
  await page.until('the retained fleet', () => page.devices.size > RETAINED, 60_000);
  const { endpoint } = page.latest.link!;
  await page.until('some readings', () => Number(page.value('pump-1', 'n')?.value) > 100, 60_000);

  await cluster.kill(`${endpoint}`);
  const killed = performance.now();
  await page.until(
    'another gateway',
    () => page.latest.link?.phase === 'live' && page.latest.link.endpoint !== endpoint,
    60_000,
  );
  const live = performance.now();
  const shown = () => Number(page.value('pump-1', 'n')?.value);
  const before = shown();
  await page.until('readings again', () => shown() > before, 120_000);
  const silence = performance.now() - killed;
  await page.until('everything is granted again', granted, 90_000);
  const again = performance.now();
  await page.until('a later reading', () => (pump.sent[shown()] ?? 0) > again, 30_000);
  await pump.end();
  const stored = await readings(page);
  const missing = pump.sent.flatMap((at, n) => (stored.includes(n) || n > shown() ? [] : { n, at }));
  console.info(
    `The page was live ${Math.round(live - killed)} ms after the kill, readings came after ${Math.round(silence)} ms; ` +
      `of ${pump.sent.length} the page has no ${missing.length}.`,
  );
  expect(live - killed).toBeLessThan(LIVE_MS);
  expect(new Set(stored).size).toBe(stored.length);
  expect(stored.length).toBeGreaterThan(100);
  // All that is missing was sent while the page could not listen; a moment before the kill it may have been on its way.
  expect(missing.filter(({ at }) => at < killed - 1_000 || at > again)).toEqual([]);
  const to = Date.now() + 1_000;
  const channels = [{ device: PUMP, channel: 'n' }];
  const { gaps } = await page.call('series', { channels, from: to - 600_000, to, pixels: 500 });
  expect(gaps.filter((gap) => gap.to - gap.from < 60_000)).toHaveLength(1);

  const late = await connectWebClient(third!.ws, cluster.credential(WITNESS));
  const kept = new Set<string>();
  late.on('message', (topic, payload) => void (topic === String(payload) && kept.add(topic)));
  await late.subscribeAsync('devices/+/status', { qos: 1 });
  await expect.poll(() => kept, { timeout: 10_000 }).toEqual(new Set(topics));
  await Promise.all([writer, late].map((client) => client.endAsync(true)));
  await engine.stop();
}, 300_000);

/** What is stored of the pump, in its order. */
async function readings(page: TestPage): Promise<number[]> {
  let text = '';
  let cursor: number | undefined;
  do {
    const answer = await page.call('exportHistory', PUMP, cursor);
    text += answer.text;
    cursor = answer.next;
  } while (cursor !== undefined);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).v as number);
}

/**
 * A device with a reading every few ms at QoS 1, `n` rising by one each. It comes back when its node puts it out, and sends
 * nothing twice.
 */
class Pump {
  /** When each reading was handed over, by its number. */
  readonly sent: number[] = [];
  #client: MqttClient | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(ws: string, options: IClientOptions) {
    const connect = (): Promise<unknown> =>
      connectWebClient(ws, options).then(
        (client) => {
          this.#client = client;
          client.on('error', () => undefined);
          client.once('close', () => {
            if (this.#client === client) void connect();
          });
        },
        () => delay(200).then(connect),
      );
    void connect();
    this.#timer = setInterval(() => {
      if (!this.#client?.connected) return;
      const n = this.sent.push(performance.now()) - 1;
      this.#client.publish('devices/pump-1/telemetry', JSON.stringify({ n }), { qos: 1 }, () => undefined);
    }, RATE_MS);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    await client?.endAsync(true);
  }
}
