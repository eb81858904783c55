import { uint16 } from './big-endian.ts';
import { MALFORMED, PROTOCOL_ERROR, type Fault } from './packet-cutter.ts';
import { readPublishProperties } from './publish-properties.ts';
import { KnownTopics, Topic } from './known-topics.ts';

const TOPIC_NAME_INVALID = 0x90;
const TOPIC_ALIAS_INVALID = 0x94;

const CUT_SHORT: Fault = { what: 'a message that ends before its topic and properties do', code: MALFORMED };
const BAD_QOS: Fault = {
  what: 'a message with a quality of service of 3, which does not exist',
  code: MALFORMED,
};
const NO_ID: Fault = {
  what: 'a message to be acknowledged without a number to do it by',
  code: PROTOCOL_ERROR,
};
const BAD_TOPIC: Fault = { what: 'a message on a topic that cannot be one', code: TOPIC_NAME_INVALID };
const NO_TOPIC: Fault = { what: 'a message without a topic', code: PROTOCOL_ERROR };
const BAD_ALIAS: Fault = {
  what: 'a message with a topic alias that was not offered',
  code: TOPIC_ALIAS_INVALID,
};

/**
 * Reads PUBLISH packets (section 3.3) of one session into its own fields, which hold until the next: no object for each.
 * Topic aliases are this session's: the reader dies with its connection [MQTT-3.3.2-7].
 */
export class PublishReader {
  retain = false;
  qos: 0 | 1 | 2 = 0;
  dup = false;
  topic = new Topic('');
  /** The topic came by alias alone and is not in the packet. */
  byAlias = false;
  /** 0 at QoS 0. */
  packetId = 0;
  correlationData: Uint8Array | undefined;
  /** The user property of that name. */
  by: Uint8Array | undefined;
  /** Where the payload begins; it goes to the end of the packet. */
  payload = 0;
  readonly #protocol: 4 | 5;
  readonly #aliasMaximum: number;
  readonly #aliases: Topic[] = [];
  readonly #topics = new KnownTopics();
  readonly #properties = {
    topicAlias: 0,
    correlationData: undefined as Uint8Array | undefined,
    by: undefined as Uint8Array | undefined,
  };

  /** @param aliasMaximum what the CONNECT said (section 3.1.2.11.5) */
  constructor(protocol: 4 | 5, aliasMaximum: number) {
    this.#protocol = protocol;
    this.#aliasMaximum = aliasMaximum;
  }

  /** Reads the packet `bytes[from, to)`. Views of it go into the fields. */
  read(bytes: Uint8Array, from: number, body: number, to: number): Fault | undefined {
    const header = bytes[from] ?? 0;
    const qos = (header >> 1) & 3;
    if (qos === 3) return BAD_QOS; // [MQTT-3.3.1-4]
    this.retain = (header & 1) === 1;
    this.qos = qos as 0 | 1 | 2;
    this.dup = (header & 8) === 8;
    this.packetId = 0;
    this.correlationData = undefined;
    this.by = undefined;
    this.byAlias = false;

    const topicFrom = body + 2;
    if (topicFrom > to) return CUT_SHORT;
    let at = topicFrom + uint16(bytes, body);
    const topicTo = at;
    if (qos > 0) at += 2;
    if (at > to) return CUT_SHORT;
    if (qos > 0) {
      this.packetId = uint16(bytes, topicTo);
      if (this.packetId === 0) return NO_ID; // [MQTT-2.3.1-1]
    }
    if (this.#protocol === 5) {
      at = readPublishProperties(bytes, at, to, this.#properties);
      if (at < 0) return CUT_SHORT;
      this.correlationData = this.#properties.correlationData;
      this.by = this.#properties.by;
    }
    this.payload = at;
    return this.#readTopic(bytes, topicFrom, topicTo);
  }

  #readTopic(bytes: Uint8Array, from: number, to: number): Fault | undefined {
    const alias = this.#protocol === 5 ? this.#properties.topicAlias : 0;
    if (alias > this.#aliasMaximum) return BAD_ALIAS; // [MQTT-3.1.2-26]
    if (from === to) {
      if (alias === 0) return NO_TOPIC; // [MQTT-4.7.3-1]
      const known = this.#aliases[alias];
      if (known === undefined) return BAD_ALIAS;
      this.topic = known;
      this.byAlias = true;
      return undefined;
    }
    const topic = this.#topics.read(bytes, from, to);
    if (topic === undefined) return BAD_TOPIC;
    if (alias > 0) this.#aliases[alias] = topic;
    this.topic = topic;
    return undefined;
  }
}
