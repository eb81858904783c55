import type { TakenMessages } from '../../model/taken-messages.ts';

/** More than any broker has under way unacknowledged: we ask for 1,000 at most, and under 3.1.1 brokers stay below by themselves. */
const MOST = 2048;

/**
 * Recognises a message that comes a second time because our acknowledgement did not reach the broker: on a resumed
 * session it comes with DUP set and under its old packet id [MQTT-4.4.0-1]. Two honest equal readings have two ids.
 */
export class Redeliveries {
  /** The last message under each packet id, as a number; the newest stands last. */
  readonly #taken = new Map<number, number>();
  /** What an earlier page of this home had stored when it ended. */
  readonly #stored: Map<number, number>;
  #isNew = false;

  constructor(stored?: TakenMessages) {
    this.#stored = new Map();
    stored?.packetIds.forEach((id, i) => this.#stored.set(id, stored.fingerprints[i]!));
  }

  /** The broker has begun a new session: its packet ids begin anew. */
  clear(): void {
    this.#taken.clear();
    this.#stored.clear();
    this.#isNew = true;
  }

  /** Takes a message in. */
  add(packetId: number, topic: string, payload: Uint8Array): void {
    this.#stored.delete(packetId);
    this.#taken.delete(packetId);
    this.#taken.set(packetId, fingerprint(topic, payload));
    this.#isNew = true;
    if (this.#taken.size <= MOST) return;
    const oldest = this.#taken.keys().next();
    if (!oldest.done) this.#taken.delete(oldest.value);
  }

  /** Whether the last message under this packet id was the same, and who took it in: this page, or an earlier one. */
  known(packetId: number, topic: string, payload: Uint8Array): 'taken' | 'stored' | undefined {
    const print = fingerprint(topic, payload);
    if (this.#taken.get(packetId) === print) return 'taken';
    return this.#stored.get(packetId) === print ? 'stored' : undefined;
  }

  /** What may come again, to be stored with what was taken in; `undefined` while it is what it was when last asked. */
  news(): TakenMessages | undefined {
    if (!this.#isNew) return undefined;
    this.#isNew = false;
    // What an earlier page had stored may still be on its way when this one ends as well.
    const all = [...this.#stored, ...this.#taken].slice(-MOST);
    return {
      packetIds: Uint16Array.from(all, ([id]) => id),
      fingerprints: Uint32Array.from(all, ([, print]) => print),
    };
  }
}

/** FNV-1a, 32 bits (RFC draft-eastlake-fnv). */
function fingerprint(topic: string, payload: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < topic.length; i++) hash = Math.imul(hash ^ topic.charCodeAt(i), 0x01000193);
  for (const byte of payload) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
