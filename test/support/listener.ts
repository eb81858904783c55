import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { Acknowledgements } from '../../src/engine/link/acknowledgements.ts';
import { systemClock } from '../../src/engine/time/clock.ts';
import { Redeliveries } from '../../src/engine/connection/redeliveries.ts';
import { Connection } from '../../src/engine/connection/connection.ts';
import type { Session } from '../../src/engine/connection/session.ts';
import type { Socket } from '../../src/engine/connection/socket.ts';
import type { Credential } from '../../src/model/broker.ts';
import type { MessageMeta } from '../../src/model/convention.ts';
import { loadMqtt } from './load-mqtt.ts';

export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly meta: MessageMeta;
}

export interface ListenerOptions {
  readonly url: string;
  readonly credential: Credential;
  readonly protocol: 4 | 5;
  /** Takes a message before anything waits for it. */
  readonly store?: (heard: Heard) => void;
  /** Answers when what was stored is durable. */
  readonly flush: () => Promise<void>;
}

/** The engine's link with its acknowledgements, without what lies behind them. */
export class Listener {
  readonly heard: Heard[] = [];
  /** Topic and size of what was passed over. */
  readonly tooLarge: (readonly [topic: string, bytes: number])[] = [];
  readonly connection: Connection;
  readonly #live: Promise<Session>;
  readonly #waiting = new Set<() => void>();

  constructor(options: ListenerOptions) {
    const acknowledgements = new Acknowledgements(systemClock, options.flush);
    const decoder = new TextDecoder();
    let live: (session: Session) => void;
    this.#live = new Promise((resolve) => (live = resolve));
    this.connection = new Connection({
      redeliveries: new Redeliveries(),
      loadMqtt,
      openSocket: (url, subprotocols) => new WebSocket(url, subprotocols) as unknown as Socket,
      clock: systemClock,
      random: Math.random,
      onMessage: (topic, payload, meta, acknowledge) => {
        const heard = { topic, text: decoder.decode(payload), meta };
        options.store?.(heard);
        this.heard.push(heard);
        if (acknowledge) acknowledgements.take(acknowledge, !meta.retain);
        for (const look of this.#waiting) look();
      },
      onTooLarge: (topic, bytes, acknowledge) => {
        this.tooLarge.push([topic, bytes]);
        if (acknowledge) acknowledgements.take(acknowledge, false);
        for (const look of this.#waiting) look();
      },
      onLive: (session) => live(session),
      onDown: () => undefined,
      onLink: () => {
        for (const look of this.#waiting) look();
      },
    });
    const profile = { name: 'test', urls: [options.url], root: 'devices', protocol: options.protocol };
    const clientId = `tt${randomBytes(8).toString('hex')}`;
    void this.connection.connect({ profile, credential: options.credential, clientId, keep: 0 });
  }

  /** Subscribes as soon as the broker has answered. */
  async subscribe(filter: string, qos: 0 | 1): Promise<void> {
    const [code] = await (await this.#live).subscribe([filter], qos);
    if (code !== qos) throw new Error(`The broker granted ${code} for ${filter}.`);
  }

  /** Resolves when `look` says so; it is asked after each message and each change of the link. */
  until(look: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!look()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  stop(): void {
    this.connection.end();
  }
}

/** A flush that waits until the test lets it through, and then no more. */
export class Gate {
  readonly #opened: Promise<void>;
  #open: () => void = () => undefined;

  constructor() {
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  readonly flush = (): Promise<void> => this.#opened;

  open(): void {
    this.#open();
  }
}
