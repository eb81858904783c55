import {
  Connection,
  type ConnectionState,
  type ConnectRequest,
} from '../../../../src/engine/connection/connection.ts';
import { Redeliveries } from '../../../../src/engine/connection/redeliveries.ts';
import type { Session } from '../../../../src/engine/connection/session.ts';
import type { ReceivedMeta } from '../../../../src/engine/connection/tap.ts';
import type { BrokerProfile } from '../../../../src/model/broker.ts';
import { Changes } from '../../../support/changes.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { ScriptedBroker } from '../../../support/scripted-broker.ts';
import { loadMqtt } from '../../../support/load-mqtt.ts';

/** A connection to a scripted broker, with time in the test's hand and everything that it tells written down. */
export class ConnectionWorld {
  readonly clock = new FakeClock();
  readonly broker = new ScriptedBroker();
  readonly changes = new Changes();
  readonly states: ConnectionState[] = [];
  readonly sessions: Session[] = [];
  readonly messages: string[] = [];
  readonly metas: ReceivedMeta[] = [];
  readonly tooLarge: string[] = [];
  /** When bytes last came, for each session that ended. */
  readonly downs: number[] = [];
  random = 0.5;
  loadMqtt = loadMqtt;
  awaitsAnswer = false;
  readonly redeliveries = new Redeliveries();
  readonly connection = new Connection({
    redeliveries: this.redeliveries,
    loadMqtt: () => this.loadMqtt(),
    openSocket: (url, subprotocols) => {
      const socket = this.broker.openSocket(url, subprotocols);
      this.changes.changed();
      return socket;
    },
    clock: this.clock,
    random: () => this.random,
    awaitsAnswer: () => this.awaitsAnswer,
    onMessage: (topic, _payload, meta) => {
      // It holds until the next message.
      this.metas.push({ ...meta });
      this.#note(this.messages, topic);
    },
    onTooLarge: (topic, bytes, acknowledge) => {
      this.#note(this.tooLarge, `${topic} ${bytes}`);
      acknowledge?.();
    },
    onLive: (session) => this.#note(this.sessions, session),
    onDown: (heardAt) => this.#note(this.downs, heardAt),
    onLink: (state) => this.#note(this.states, state),
  });

  connect(profile: Partial<BrokerProfile> = {}, more: Partial<ConnectRequest> = {}) {
    return this.connection.connect({
      profile: { name: 'b', urls: ['ws://one/mqtt'], root: 'devices', ...profile },
      credential: { username: 'ada', password: 'secret' },
      clientId: 'me',
      keep: 0,
      ...more,
    });
  }

  get phase(): ConnectionState['phase'] {
    return this.connection.state.phase;
  }

  reaches(phase: ConnectionState['phase']): Promise<unknown> {
    return this.changes.until(`the link is ${phase}`, () => this.phase === phase);
  }

  /** The broker does not let anybody in until the test says so. */
  silence(): void {
    this.broker.script = (packet) => packet.cmd !== 'connect';
  }

  /** Resolves when the client has asked to connect for the `n`th time. */
  asked(n: number): Promise<unknown> {
    return this.#eventually(`${n} attempts`, () => this.broker.sockets[n - 1]?.connect !== undefined);
  }

  /** Resolves when the client has closed its `n`th socket. */
  closed(n: number): Promise<unknown> {
    return this.#eventually('the socket is closed', () => this.broker.sockets[n - 1]?.closed);
  }

  /** For what the connection tells nobody: looks again each turn. */
  #eventually(what: string, look: () => boolean | undefined): Promise<unknown> {
    return this.changes.until(what, () => {
      setImmediate(this.changes.changed);
      return look();
    });
  }

  #note<Item>(list: Item[], item: Item): void {
    list.push(item);
    this.changes.changed();
  }
}
