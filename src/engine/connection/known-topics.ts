import type { TopicNotes } from '../../model/convention.ts';

/** Twice as many as there are topics, so that few fall on one. */
const SLOTS = 65_536;
const MOST_TOPICS = SLOTS / 2;
/** How many slots a topic may be in: whoever makes up topics for one slot makes nobody look for long. */
const TRIES = 8;
/** Longer topics are decoded each time, so that foreign topics cannot fill the memory. */
const LONGEST = 128;
/** A record is a length and the bytes, and begins where a line of the processor's memory does. */
const UNIT = 64;

// Fatal: ill-formed UTF-8 closes the connection [MQTT-1.5.3-1]; a byte order mark is part of the topic [MQTT-1.5.3-3].
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A topic name, and what is noted of it; all fields from the start, so that one is as good as another to the browser. */
export class Topic implements TopicNotes {
  readonly name: string;
  readers: object | undefined = undefined;
  viewed: object | undefined = undefined;
  found: object | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Topics from the bytes of their names. The same topic comes thousands of times: it is found again by its bytes, without
 * decoding, and as the very same object. The bytes lie side by side: whoever hears a thousand devices in turn waits for
 * memory more than for anything else.
 */
export class KnownTopics {
  /** By hash of the bytes: which record, counted in units from 1; 0 where there is none. */
  readonly #slots = new Uint32Array(SLOTS);
  #records = new Uint8Array(64 * UNIT);
  /** By record. */
  #topics: Topic[] = [];
  #known = 0;

  /**
   * The topic in `bytes[from, to)`; undefined when it is not a topic name: ill-formed UTF-8 [MQTT-1.5.3-1], a NUL
   * [MQTT-1.5.3-2], a wildcard [MQTT-3.3.2-2].
   */
  read(bytes: Uint8Array, from: number, to: number): Topic | undefined {
    const length = to - from;
    if (length > LONGEST) return decode(bytes.subarray(from, to));
    const first = slotOf(bytes, from, to);
    for (let i = 0; i < TRIES; i++) {
      const record = this.#slots[(first + i) % SLOTS]!;
      if (record === 0) break;
      if (this.#isSame(record, bytes, from, length)) return this.#topics[record];
    }
    const topic = decode(bytes.subarray(from, to));
    if (topic !== undefined) this.#keep(topic, bytes.subarray(from, to));
    return topic;
  }

  #isSame(record: number, bytes: Uint8Array, from: number, length: number): boolean {
    const records = this.#records;
    const at = record * UNIT;
    if (records[at] !== length) return false;
    for (let i = 0; i < length; i++) if (records[at + 1 + i] !== bytes[from + i]) return false;
    return true;
  }

  #keep(topic: Topic, bytes: Uint8Array): void {
    // Topics are foreign input: those that are still heard are soon known again.
    if (this.#known === MOST_TOPICS) this.#forgetAll();
    const first = slotOf(bytes, 0, bytes.length);
    let i = 0;
    while (i < TRIES && this.#slots[(first + i) % SLOTS]! > 0) i++;
    const record = Math.max(1, this.#topics.length);
    const units = Math.ceil((1 + bytes.length) / UNIT);
    if ((record + units) * UNIT > this.#records.length) {
      const larger = new Uint8Array(2 * this.#records.length);
      larger.set(this.#records);
      this.#records = larger;
    }
    // Where all are taken, the first gives way.
    this.#slots[(first + (i % TRIES)) % SLOTS] = record;
    this.#records[record * UNIT] = bytes.length;
    this.#records.set(bytes, record * UNIT + 1);
    for (let unit = 0; unit < units; unit++) this.#topics[record + unit] = topic;
    this.#known++;
  }

  #forgetAll(): void {
    this.#slots.fill(0);
    this.#topics = [];
    this.#known = 0;
  }
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), by two bytes at a time. */
function slotOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  let i = from;
  for (; i + 1 < to; i += 2) hash = Math.imul(hash ^ (bytes[i]! | (bytes[i + 1]! << 8)), 0x01000193);
  if (i < to) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

function decode(bytes: Uint8Array): Topic | undefined {
  try {
    const name = decoder.decode(bytes);
    return name.includes('\0') || name.includes('+') || name.includes('#') ? undefined : new Topic(name);
  } catch {
    return undefined;
  }
}
