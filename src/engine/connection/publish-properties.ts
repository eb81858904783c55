import { uint16 } from './big-endian.ts';

/** What of a PUBLISH's properties (MQTT 5, section 3.3.2.3) has a meaning here. */
export interface PublishProperties {
  /** 0 when there is none: an alias of 0 is not allowed [MQTT-3.3.2-8]. */
  topicAlias: number;
  correlationData: Uint8Array | undefined;
  /** The value of the user property `by`: consoles say so who publishes a configuration. */
  by: Uint8Array | undefined;
}

const LETTER_B = 0x62;
const LETTER_Y = 0x79;

/**
 * Reads the properties that begin with their length at `at`, into `into`. Answers where they end, or -1 when they do not fit
 * in front of `to`, hold one that a PUBLISH cannot have, or hold an alias that is 0 or not alone.
 */
export function readPublishProperties(
  bytes: Uint8Array,
  at: number,
  to: number,
  into: PublishProperties,
): number {
  into.topicAlias = 0;
  into.correlationData = undefined;
  into.by = undefined;
  const begin = skipVariableInteger(bytes, at, to);
  if (begin < 0) return -1;
  const end = begin + variableInteger(bytes, at, begin);
  if (end > to) return -1;
  let next = begin;
  while (next < end) {
    const id = bytes[next++];
    const value = next;
    switch (id) {
      case 0x01: // payload format indicator
        next += 1;
        break;
      case 0x02: // message expiry interval
        next += 4;
        break;
      case 0x03: // content type
      case 0x08: // response topic
        next = skipText(bytes, next, end);
        break;
      case 0x09: // correlation data
        next = skipText(bytes, next, end);
        into.correlationData = bytes.subarray(value + 2, next);
        break;
      case 0x0b: // subscription identifier
        next = skipVariableInteger(bytes, next, end);
        break;
      case 0x23: // topic alias
        next += 2;
        if (into.topicAlias !== 0) return -1;
        into.topicAlias = uint16(bytes, value);
        if (into.topicAlias === 0) return -1;
        break;
      case 0x26: // user property: a name and a value
        next = skipText(bytes, next, end);
        if (next < 0) return -1;
        next = skipText(bytes, next, end);
        if (uint16(bytes, value) === 2 && bytes[value + 2] === LETTER_B && bytes[value + 3] === LETTER_Y)
          into.by = bytes.subarray(value + 6, Math.max(value + 6, next));
        break;
      default:
        return -1;
    }
    if (next < 0 || next > end) return -1;
  }
  return end;
}

/** Behind the bytes that a two-byte length says; -1 when they do not fit. */
function skipText(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return -1;
  const next = at + 2 + uint16(bytes, at);
  return next > end ? -1 : next;
}

/** Behind a variable byte integer of at most four bytes (section 1.5.5); -1 when it has no end. */
function skipVariableInteger(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + 4);
  for (let i = at; i < last; i++) if ((bytes[i] ?? 0) < 0x80) return i + 1;
  return -1;
}

function variableInteger(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < end; i++) value += ((bytes[i] ?? 0) & 0x7f) << (7 * (i - at));
  return value;
}
