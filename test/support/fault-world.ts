import type { MqttClient } from 'mqtt';
import { systemClock } from '../../src/engine/time/clock.ts';
import type { World } from '../../src/engine/world/world.ts';
import type { BrokerProfile } from '../../src/model/broker.ts';
import type { LinkSettings } from '../../src/model/link-settings.ts';
import { FaultProxy } from './fault-proxy.ts';
import { startMosquitto, type MosquittoOptions, type RunningMosquitto } from './mosquitto.ts';
import { testEngine } from './test-engine.ts';
import { TestPage } from './test-page.ts';
import { connectWebClient } from './web-client.ts';

let homes = 0;

/** A Mosquitto, a proxy in front of it, and what a test starts beside them; all of it ends with `stop`. */
export class FaultWorld {
  readonly #running: { stop(): unknown }[] = [];

  private constructor(
    readonly mosquitto: RunningMosquitto,
    readonly proxy: FaultProxy,
  ) {}

  static async start(options: MosquittoOptions = {}): Promise<FaultWorld> {
    const mosquitto = await startMosquitto({ devices: ['pump-1'], ...options });
    const world = new FaultWorld(mosquitto, await FaultProxy.start(Number(new URL(mosquitto.ws).port)));
    world.add(mosquitto);
    world.add(world.proxy);
    return world;
  }

  /** Ends with the world, before what was added earlier. */
  add<Running extends { stop(): unknown }>(running: Running): Running {
    this.#running.push(running);
    return running;
  }

  credential(username: string) {
    const { users, devices } = this.mosquitto.credentials;
    const found = users[username] ?? devices[username];
    if (!found) throw new Error(`No credential for ${username}.`);
    return found;
  }

  /** A stock client past the proxy. */
  async client(username: string): Promise<MqttClient> {
    const client = await connectWebClient(this.mosquitto.ws, this.credential(username));
    this.add({ stop: () => client.endAsync(true) });
    return client;
  }

  request(profile: Partial<BrokerProfile> = {}, link?: LinkSettings) {
    return {
      base: `/faults-${++homes}/`,
      profile: {
        name: 'test',
        kind: 'mosquitto' as const,
        urls: [this.proxy.url],
        root: 'devices',
        ...(link && { link }),
        ...profile,
      },
      username: 'operator',
      credential: this.credential('operator'),
    };
  }

  /** A page of an engine of its own, signed in through the proxy, with all its subscriptions granted. */
  async page(changes: Partial<World> = {}, request = this.request()): Promise<TestPage> {
    const page = new TestPage(this.add(await testEngine({ clock: systemClock, ...changes })));
    await page.call('signIn', request);
    await this.subscribed(page);
    return page;
  }

  async subscribed(page: TestPage): Promise<void> {
    await page.until(
      'every subscription is granted',
      () =>
        page.latest.link?.phase === 'live' &&
        page.latest.subscriptions?.every(({ state }) => state.startsWith('granted')),
      20_000,
    );
  }

  async stop(): Promise<void> {
    for (const one of this.#running.splice(0).reverse()) await one.stop();
  }
}
