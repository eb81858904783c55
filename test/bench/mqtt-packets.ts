/** MQTT 3.1.1 packets, made once and sent many times. Only what the bench itself has to say; runs in node and in a page. */

const ENCODER = new TextEncoder();

function text(value: string): number[] {
  const bytes = ENCODER.encode(value);
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

/** [MQTT-2.2.3]: seven bits a byte, the lowest first. */
function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function packet(header: number, body: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([header, ...remainingLength(body.length), ...body]);
}

export interface SignIn {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** A clean session without keepalive. */
export function connectPacket({ clientId, username, password }: SignIn): Uint8Array<ArrayBuffer> {
  const flags = 0b1100_0010;
  return packet(0x10, [
    ...text('MQTT'),
    4,
    flags,
    0,
    0,
    ...text(clientId),
    ...text(username),
    ...text(password),
  ]);
}

export function subscribePacket(id: number, filters: readonly string[], qos: 0 | 1): Uint8Array<ArrayBuffer> {
  return packet(0x82, [id >> 8, id & 0xff, ...filters.flatMap((filter) => [...text(filter), qos])]);
}

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain?: boolean;
  /** A packet id, not 0, makes it QoS 1. */
  readonly id?: number;
}

export function publishPacket({ topic, payload, retain, id }: Message): Uint8Array<ArrayBuffer> {
  const header = 0x30 | (retain ? 1 : 0) | (id === undefined ? 0 : 2);
  const idBytes = id === undefined ? [] : [id >> 8, id & 0xff];
  return packet(header, [...text(topic), ...idBytes, ...ENCODER.encode(payload)]);
}

export function pubackPacket(id: number): Uint8Array<ArrayBuffer> {
  return packet(0x40, [id >> 8, id & 0xff]);
}
