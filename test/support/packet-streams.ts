import fc from 'fast-check';
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet';

/** A PUBLISH as it is compared. */
export interface ReadPublish {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly id: number;
  readonly correlationData: string | undefined;
  /** The user property of that name. */
  readonly by: string | undefined;
}

const topics = fc.oneof(
  fc.constantFrom('devices/pump-1/telemetry', 'devices/pump-2/telemetry', 'a', '/', '$SYS/uptime'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((topic) => !/[+#\0]/.test(topic)),
);
const texts = fc.string({ unit: 'grapheme', maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

const properties = fc.record(
  {
    payloadFormatIndicator: fc.boolean(),
    messageExpiryInterval: fc.nat(4_000_000),
    responseTopic: texts,
    correlationData: bytes,
    userProperties: fc.dictionary(
      fc.oneof(
        fc.constantFrom('by', 'bye', 'b'),
        texts.filter((name) => name !== '__proto__'),
      ),
      texts,
      // mqtt-packet writes nothing at all for an empty object.
      { minKeys: 1, maxKeys: 3 },
    ),
    subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
    contentType: texts,
    topicAlias: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: [] },
);

function publishes(protocol: 4 | 5): fc.Arbitrary<Packet> {
  return fc
    .record({
      topic: topics,
      payload: bytes,
      retain: fc.boolean(),
      dup: fc.boolean(),
      qos: fc.constantFrom(0, 1, 2),
      id: fc.integer({ min: 1, max: 65_535 }),
      properties,
    })
    .map(({ id, qos, dup, properties, ...rest }) => ({
      cmd: 'publish' as const,
      ...rest,
      qos: qos as 0 | 1 | 2,
      dup: qos > 0 && dup,
      ...(qos > 0 && { messageId: id }),
      ...(protocol === 5 && { properties }),
    }));
}

const others: fc.Arbitrary<Packet> = fc.oneof(
  fc.constant<Packet>({ cmd: 'pingresp' }),
  fc
    .integer({ min: 1, max: 65_535 })
    .map<Packet>((messageId) => ({ cmd: 'puback', messageId, reasonCode: 0 })),
  fc
    .integer({ min: 1, max: 65_535 })
    .map<Packet>((messageId) => ({ cmd: 'pubrel', messageId, reasonCode: 0 })),
  fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1, maxLength: 8 }).map<Packet>((granted) => ({
    cmd: 'suback',
    messageId: 7,
    granted,
  })),
);

/** What a broker may send after its CONNACK. */
export function packetStreams(protocol: 4 | 5): fc.Arbitrary<Packet[]> {
  return fc.array(fc.oneof({ arbitrary: publishes(protocol), weight: 3 }, others), { maxLength: 12 });
}

export function written(packet: Packet, protocol: 4 | 5): Uint8Array {
  return new Uint8Array(generate(packet, { protocolVersion: protocol }));
}

/** A byte stream in frames: any number of them, of any size from nothing up. */
export function frames(stream: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return fc
    .array(fc.nat(stream.length), { maxLength: 20 })
    .map((cuts) => [0, ...cuts.sort((a, b) => a - b), stream.length])
    .map((cuts) => cuts.slice(1).map((cut, i) => stream.slice(cuts[i], cut)));
}

/** What mqtt-packet, the parser inside mqtt.js, reads in a packet. */
export function oracle(packet: Uint8Array, protocol: 4 | 5): ReadPublish {
  const read: IPublishPacket[] = [];
  const reader = parser({ protocolVersion: protocol } as never);
  reader.on('packet', (found) => read.push(found as IPublishPacket));
  reader.on('error', (error) => {
    throw error;
  });
  reader.parse(Buffer.from(packet));
  const { topic, payload, qos, retain, dup, messageId, properties } = read[0]!;
  const correlationData = properties?.correlationData;
  return {
    topic,
    payload: Buffer.from(payload as Buffer).toString('hex'),
    qos,
    retain,
    dup,
    id: messageId ?? 0,
    correlationData: correlationData && Buffer.from(correlationData).toString('hex'),
    by: properties?.userProperties?.['by'] as string | undefined,
  };
}
