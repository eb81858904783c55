/**
 * Recognises a message that comes a second time because our acknowledgement did not reach the broker: on a resumed
 * session it comes with DUP set and under its old packet id [MQTT-4.4.0-1]. Two honest equal readings have two ids.
 */
export class Redeliveries {
  /** The last message under each packet id, as a number. */
  readonly #taken = new Map<number, number>();

  /** The broker has begun a new session: its packet ids begin anew. */
  clear(): void {
    this.#taken.clear();
  }

  /** Takes a message in. */
  add(packetId: number, topic: string, payload: Uint8Array): void {
    this.#taken.set(packetId, fingerprint(topic, payload));
  }

  /** Whether the last message under this packet id was the same. */
  has(packetId: number, topic: string, payload: Uint8Array): boolean {
    return this.#taken.get(packetId) === fingerprint(topic, payload);
  }
}

/** FNV-1a, 32 bits (RFC draft-eastlake-fnv). */
function fingerprint(topic: string, payload: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < topic.length; i++) hash = Math.imul(hash ^ topic.charCodeAt(i), 0x01000193);
  for (const byte of payload) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
