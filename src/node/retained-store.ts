// Other rooms that reach this file need the types as well, and an ambient module has nothing to import.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./aedes-persistence-level.d.ts" />
import { Readable } from 'node:stream';
import AsyncLevelPersistence from 'aedes-persistence-level/asyncPersistence.js';
import type { Level } from 'level';
import { matches } from '../model/topic.ts';

type StoredPacket = Parameters<AsyncLevelPersistence['storeRetained']>[0];

/**
 * The broker's state on disk, with the retained messages held in memory as well. The plain level store writes each
 * retained message before it is passed on, several at a time: two writes of one topic may land in either order, and
 * each sign-in decodes the whole store once per filter. Here the newest is known at once and written in order after.
 */
export class RetainedStore extends AsyncLevelPersistence {
  readonly #retained = new Map<string, StoredPacket>();
  readonly #unsaved = new Map<string, StoredPacket>();
  readonly #onError: (error: Error) => void;
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
    this.#unsaved.delete(packet.topic);
    this.#unsaved.set(packet.topic, packet);
    this.#saving ??= this.#save();
  }

  override createRetainedStream(pattern: string): Readable {
    return this.createRetainedStreamCombi([pattern]);
  }

  override createRetainedStreamCombi(patterns: readonly string[]): Readable {
    return Readable.from(this.#matching(patterns), { objectMode: true, highWaterMark: 1 });
  }

  /** How many topics hold a retained message. */
  get size(): number {
    return this.#retained.size;
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
    for (const [topic, packet] of this.#unsaved) {
      this.#unsaved.delete(topic);
      await super.storeRetained(packet).catch(this.#onError);
    }
    this.#saving = undefined;
  }
}
