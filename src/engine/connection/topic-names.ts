/** A slot for each of the topics of a large fleet; two topics that fall on one take turns. */
const SLOTS = 65_536;
/** Longer topics are decoded each time, so that foreign topics cannot fill the memory. */
const LONGEST = 128;

// Fatal: ill-formed UTF-8 closes the connection [MQTT-1.5.3-1]; a byte order mark is part of the topic [MQTT-1.5.3-3].
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Topic names from their bytes. The same topic comes thousands of times: it is found again by its bytes, without decoding,
 * and as the very same string, whose hash is known already when it is looked up.
 */
export class TopicNames {
  /** By hash of the bytes. ASCII only, so that bytes and characters can be compared one by one. */
  readonly #known: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);

  /**
   * The topic in `bytes[from, to)`; undefined when it is not a topic name: ill-formed UTF-8 [MQTT-1.5.3-1], a NUL
   * [MQTT-1.5.3-2], a wildcard [MQTT-3.3.2-2].
   */
  read(bytes: Uint8Array, from: number, to: number): string | undefined {
    if (to - from > LONGEST) return decode(bytes.subarray(from, to));
    // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const known = this.#known[slot];
    if (known !== undefined && isSame(known, bytes, from, to)) return known;
    const topic = decode(bytes.subarray(from, to));
    if (topic?.length === to - from) this.#known[slot] = topic;
    return topic;
  }
}

function isSame(topic: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (topic.length !== to - from) return false;
  for (let i = from; i < to; i++) if (topic.charCodeAt(i - from) !== bytes[i]) return false;
  return true;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const topic = decoder.decode(bytes);
    return topic.includes('\0') || topic.includes('+') || topic.includes('#') ? undefined : topic;
  } catch {
    return undefined;
  }
}
