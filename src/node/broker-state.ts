// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other rooms that reach this file need the types as well, and an ambient module has nothing to import
/// <reference path="./aedes-persistence-level.d.ts" />
import { Readable } from 'node:stream';
import AsyncLevelPersistence from 'aedes-persistence-level/asyncPersistence.js';
import type { Level } from 'level';
import { matches } from '../model/topic.ts';
import { InOrder } from './in-order.ts';

type StoredPacket = Parameters<AsyncLevelPersistence['storeRetained']>[0];

/** A retained message that is not on disk yet, and who waits for it. */
interface Unsaved {
  readonly packet: StoredPacket;
  readonly waiting: (() => void)[];
}

/**
 * The broker's state on disk, with two things mended that the plain level store leaves to chance: its writes run side by
 * side, and each message waits for its own before it is passed on. So
 * - retained messages are held in memory as well: the newest is known at once and written in order after, and a sign-in
 *   does not decode the whole store once per filter. Only one at QoS 1 or 2 waits for its write before it is
 *   passed on: what somebody has seen of those is there again after a crash;
 * - messages for stored sessions keep the order in which they were published [MQTT-4.6.0-6]: off after on stays off.
 */
export class BrokerState extends AsyncLevelPersistence {
  readonly #retained = new Map<string, StoredPacket>();
  readonly #unsaved = new Map<string, Unsaved>();
  readonly #onError: (error: Error) => void;
  readonly #queueing = new InOrder();
  readonly #sending = new WeakMap<object, InOrder>();
  #saving: Promise<void> | undefined;

  /** @param onError told once for each write that failed */
  constructor(db: Level<string, unknown>, onError: (error: Error) => void) {
    super(db);
    this.#onError = onError;
  }

  override async setup(broker: { readonly id: string }): Promise<void> {
    await super.setup(broker);
    for await (const packet of super.createRetainedStream('#') as AsyncIterable<StoredPacket>) {
      this.#retained.set(packet.topic, packet);
    }
  }

  override async storeRetained(packet: StoredPacket): Promise<void> {
    if (packet.payload.length === 0) this.#retained.delete(packet.topic);
    else this.#retained.set(packet.topic, packet);
    const waiting = this.#unsaved.get(packet.topic)?.waiting ?? [];
    this.#unsaved.delete(packet.topic);
    this.#unsaved.set(packet.topic, { packet, waiting });
    const saved = packet.qos > 0 ? new Promise<void>((done) => waiting.push(done)) : undefined;
    this.#saving ??= this.#save();
    await saved;
  }

  override createRetainedStream(pattern: string): Readable {
    return this.createRetainedStreamCombi([pattern]);
  }

  override createRetainedStreamCombi(patterns: readonly string[]): Readable {
    return Readable.from(this.#matching(patterns), { objectMode: true, highWaterMark: 1 });
  }

  override outgoingEnqueueCombi(subscriptions: unknown, packet: StoredPacket): Promise<unknown> {
    return this.#queueing.run(() => super.outgoingEnqueueCombi(subscriptions, packet));
  }

  override outgoingUpdate(client: object, packet: StoredPacket): Promise<void> {
    const sending = this.#sending.get(client) ?? new InOrder();
    this.#sending.set(client, sending);
    return sending.run(() => super.outgoingUpdate(client, packet));
  }

  /** Waits until everything is written, then closes the store. */
  override async destroy(): Promise<void> {
    await this.#saving;
    await super.destroy();
  }

  *#matching(patterns: readonly string[]): Generator<StoredPacket> {
    const retained = this.#retained;
    for (const [topic, packet] of retained) {
      if (!patterns.some((pattern) => matches(pattern, topic))) continue;
      yield {
        ...packet,
        // Read when it is sent, not when it is queued: else a live change overtakes its own past.
        get payload() {
          return retained.get(topic)?.payload ?? Buffer.alloc(0);
        },
      };
    }
  }

  async #save(): Promise<void> {
    for (const [topic, { packet, waiting }] of this.#unsaved) {
      this.#unsaved.delete(topic);
      await super.storeRetained(packet).catch(this.#onError);
      for (const done of waiting) done();
    }
    this.#saving = undefined;
  }
}
