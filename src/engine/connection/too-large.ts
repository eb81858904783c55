import type { Publish } from '../../model/convention.ts';

export interface SizeLimits {
  /** Bytes of a whole packet, by the broker's CONNACK: no larger one may be sent [MQTT-3.2.2-15]. */
  readonly packetBytes: number | undefined;
  /** Bytes of what a message carries, by the policy document. */
  readonly messageBytes: number | undefined;
}

/** More than the fixed header, the packet identifier and the lengths and numbers of all properties of a command take. */
const FRAMING = 64;

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** At least what the packet takes on the wire, and less than 64 bytes more. */
function packetBytes({ topic, payload, properties = {} }: Publish): number {
  const { responseTopic = '', correlationData, contentType = '', userProperties = [] } = properties;
  return (
    FRAMING +
    bytesOf(topic) +
    payload.length +
    bytesOf(responseTopic) +
    (correlationData?.length ?? 0) +
    bytesOf(contentType) +
    userProperties.reduce((sum, [name, value]) => sum + 5 + bytesOf(name) + bytesOf(value), 0)
  );
}

/**
 * Why messages cannot be sent, in one sentence about the first that is too large; `undefined` when their sizes are fine, or
 * nobody has said a limit. RabbitMQ passes on nothing more of a connection on which a larger one came, and leaves it open
 * without a word.
 */
export function tooLarge(publishes: readonly Publish[], limits: SizeLimits): string | undefined {
  return publishes.map((publish) => whyTooLarge(publish, limits)).find((why) => why !== undefined);
}

function whyTooLarge(publish: Publish, limits: SizeLimits): string | undefined {
  const packet = packetBytes(publish);
  const message = publish.payload.length;
  if (message > (limits.messageBytes ?? Infinity))
    return `Not sent: it has ${message} bytes, and the policy of this broker allows ${limits.messageBytes}.`;
  if (packet > (limits.packetBytes ?? Infinity))
    return `Not sent: with its topic and properties it has about ${packet} bytes, and the broker takes ${limits.packetBytes}.`;
  return undefined;
}
