// The package's main entry is for older brokers (callbacks); aedes 1.2 wants the asynchronous class, which has no types.
declare module 'aedes-persistence-level/asyncPersistence.js' {
  import type { Readable } from 'node:stream';
  import type { Level } from 'level';

  interface StoredPacket {
    cmd: 'publish';
    topic: string;
    payload: Buffer;
    qos: 0 | 1 | 2;
    retain: boolean;
  }

  class AsyncLevelPersistence {
    constructor(db: Level<string, unknown>);
    setup(broker: { readonly id: string }): Promise<void>;
    storeRetained(packet: StoredPacket): Promise<void>;
    createRetainedStream(pattern: string): Readable;
    createRetainedStreamCombi(patterns: readonly string[]): Readable;
    outgoingEnqueueCombi(subscriptions: unknown, packet: StoredPacket): Promise<unknown>;
    outgoingUpdate(client: object, packet: StoredPacket): Promise<void>;
    destroy(): Promise<void>;
  }

  export = AsyncLevelPersistence;
}
