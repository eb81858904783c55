import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { HomeRequest } from '../../src/engine-api/calls.ts';
import type { Socket } from '../../src/engine/connection/socket.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { openDatabase, type OpenDatabase } from '../../src/storage/open-database.ts';
import { FakeBrowser, type FakeTab } from './fake-tabs.ts';
import { FakeClock } from './fake-clock.ts';
import { settled } from './fake-session.ts';
import { ScriptedBroker, type ScriptedSocket } from './scripted-broker.ts';
import { testEngine } from './test-engine.ts';
import { TestPage } from './test-page.ts';
import { loadMqtt } from './load-mqtt.ts';

/** The home of a {@link TabWorld}, where a test names no other. */
export const HOME = {
  base: '/',
  profile: { name: 'one', kind: 'mosquitto', urls: ['ws://one/mqtt'], root: 'devices', protocol: 5 },
  username: 'ada',
} satisfies HomeRequest;

export const SIGN_IN = { ...HOME, credential: { username: 'ada', password: 'a secret word' } };

/** A tab with an engine and a page, in a {@link TabWorld}. */
export interface OpenTab {
  readonly tab: FakeTab;
  readonly engine: Engine;
  readonly page: TestPage;
  /** The page is closed by a person. */
  close(): Promise<void>;
  crash(): void;
}

/** What a tab is at its home, while the link is live. */
export function role({ page }: OpenTab): string | undefined {
  return page.latest.link?.phase === 'live' ? page.latest.link.tab : undefined;
}

/** What a tab's engine hears of its socket happens in that tab: late if it hangs, never if it is gone. */
function socketIn(tab: FakeTab, socket: Socket): Socket {
  return {
    get readyState() {
      return socket.readyState;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    binaryType: 'arraybuffer',
    addEventListener: (type, listener) =>
      socket.addEventListener(type, (event) => tab.run(() => listener(event))),
    send: (data) => socket.send(data),
    close: () => socket.close(),
    ...{ CONNECTING: 0, OPEN: 1 },
  };
}

/** Several tabs of one browser on one broker, with a clock that only the test moves, and nothing stored yet. */
export class TabWorld {
  readonly browser = new FakeBrowser();
  readonly broker = new ScriptedBroker();
  readonly clock = new FakeClock();
  readonly tabs: OpenTab[] = [];
  /** The most sockets that the broker ever had open at once for one client id. */
  mostAtOnce = 0;

  constructor() {
    globalThis.indexedDB = new IDBFactory();
    this.broker.script = (packet, socket) => {
      if (packet.cmd !== 'connect') return true;
      // [MQTT-3.1.4-3]: the older connection of a client id is closed when a newer one comes.
      for (const other of this.connections) {
        if (other !== socket && other.connect?.clientId === packet.clientId) other.closeWith(1006);
      }
      this.mostAtOnce = Math.max(this.mostAtOnce, this.connections.length);
      return true;
    };
  }

  /** The sockets that are open and have said CONNECT. */
  get connections(): ScriptedSocket[] {
    return this.broker.sockets.filter((socket) => !socket.closed && socket.connect !== undefined);
  }

  async open({ database = openDatabase }: { database?: OpenDatabase } = {}): Promise<OpenTab> {
    const tab = this.browser.openTab(this.clock);
    const sockets: Socket[] = [];
    const engine = await testEngine({
      loadMqtt,
      openSocket: (url, names) => {
        const socket = this.broker.openSocket(url, names);
        sockets.push(socket);
        return socketIn(tab, socket);
      },
      openDatabase: database,
      clock: tab.clock,
      peers: tab.peers,
    });
    const page = new TestPage(engine);
    const opened: OpenTab = {
      tab,
      engine,
      page,
      close: () => engine.stop(),
      crash: () => {
        tab.crash();
        for (const socket of sockets) (socket as ScriptedSocket).closeWith(1006);
      },
    };
    this.tabs.push(opened);
    return opened;
  }

  /** A tab that signed in and leads, and so many that opened the same home without typing anything. */
  async signedIn(followers: number, home: HomeRequest = HOME): Promise<[OpenTab, ...OpenTab[]]> {
    const leader = await this.open();
    await leader.page.call('signIn', { ...home, credential: SIGN_IN.credential });
    const all: [OpenTab, ...OpenTab[]] = [leader];
    for (let i = 0; i < followers; i++) {
      const tab = await this.open();
      await tab.page.call('open', home);
      await tab.page.until('the leader lets it in', () => tab.page.latest.link?.tab === 'follower');
      all.push(tab);
    }
    return all;
  }

  /** Moves time on in small steps, and lets what follows from each happen. */
  async pass(ms: number): Promise<void> {
    for (let rest = ms; rest > 0; rest -= 100) {
      this.clock.advance(Math.min(100, rest));
      for (let turn = 0; turn < 20; turn++) await settled();
    }
  }

  /** Moves time on until something is so. */
  async until(what: () => boolean, ms = 15_000): Promise<void> {
    for (let passed = 0; !what(); passed += 100) {
      if (passed > ms) throw new Error(`Waited ${ms} ms of the test's time in vain.`);
      await this.pass(100);
    }
  }

  /** The broker publishes on whatever connection there is. */
  deliver(topic: string, payload: string): void {
    for (const socket of this.connections) {
      socket.answer({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
    }
  }

  async end(): Promise<void> {
    for (const { tab, engine } of this.tabs) if (tab.alive) await engine.stop();
  }
}
