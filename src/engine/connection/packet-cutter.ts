/** Why a byte stream cannot be read any further. */
export interface Fault {
  /** Goes on from "The broker sent ", without a full stop. */
  readonly what: string;
  /** For the DISCONNECT that MQTT 5 has for it (section 3.14.2.1). */
  readonly code: number;
}

/** Malformed Packet. */
export const MALFORMED = 0x81;
/** Protocol Error. */
export const PROTOCOL_ERROR = 0x82;
const PACKET_TOO_LARGE = 0x95;

/**
 * Takes one packet: `bytes[from, to)`, whose variable header begins at `body`. `bytes` may be a whole frame, and is never
 * written to again. A fault ends the stream.
 */
export type TakePacket = (bytes: Uint8Array, from: number, body: number, to: number) => Fault | undefined;

const NOTHING = new Uint8Array(0);

/**
 * Cuts a byte stream into MQTT packets: WebSocket frames may carry part of one or many [MQTT-6.0.0-2]. A packet that lies
 * whole in its frame is not copied. What is held between two frames is at most one packet of `maximum` bytes, and a larger
 * one is a fault as soon as its length is read.
 */
export class PacketCutter {
  readonly #maximum: number;
  readonly #take: TakePacket;
  /** The beginning of a fixed header that goes on in the next frame: at most four bytes. */
  #head = NOTHING;
  /** A packet that began in an earlier frame, in a buffer of its size. */
  #open: Uint8Array | undefined;
  #openBody = 0;
  #filled = 0;

  /** @param maximum bytes of a packet with its fixed header */
  constructor(maximum: number, take: TakePacket) {
    this.#maximum = maximum;
    this.#take = take;
  }

  /** Takes the bytes of one frame. After a fault nothing may be pushed any more. Never throws by itself. */
  push(frame: Uint8Array): Fault | undefined {
    if (this.#open) return this.#goOn(this.#open, frame);
    if (this.#head.length === 0) return this.#cut(frame, 0);
    const joined = new Uint8Array(this.#head.length + frame.length);
    joined.set(this.#head);
    joined.set(frame, this.#head.length);
    this.#head = NOTHING;
    return this.#cut(joined, 0);
  }

  #goOn(open: Uint8Array, frame: Uint8Array): Fault | undefined {
    const used = Math.min(open.length - this.#filled, frame.length);
    open.set(frame.subarray(0, used), this.#filled);
    this.#filled += used;
    if (this.#filled < open.length) return undefined;
    this.#open = undefined;
    return this.#take(open, 0, this.#openBody, open.length) ?? this.#cut(frame, used);
  }

  #cut(bytes: Uint8Array, start: number): Fault | undefined {
    let from = start;
    while (from < bytes.length) {
      let body = from + 1;
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        // Four bytes at most: table 2.4 of 3.1.1, section 1.5.5 of 5.
        if (shift === 28) return { what: 'a packet whose length cannot be read', code: MALFORMED };
        if (body === bytes.length) {
          this.#head = bytes.slice(from);
          return undefined;
        }
        const digit = bytes[body++] ?? 0;
        length += (digit & 0x7f) << shift;
        if (digit < 0x80) break;
      }
      const to = body + length;
      if (to - from > this.#maximum) return tooLarge(to - from, this.#maximum);
      if (to > bytes.length) {
        this.#open = new Uint8Array(to - from);
        this.#open.set(bytes.subarray(from));
        this.#openBody = body - from;
        this.#filled = bytes.length - from;
        return undefined;
      }
      const fault = this.#take(bytes, from, body, to);
      if (fault) return fault;
      from = to;
    }
    return undefined;
  }
}

function tooLarge(bytes: number, maximum: number): Fault {
  return { what: `a packet of ${bytes} bytes; at most ${maximum} are taken`, code: PACKET_TOO_LARGE };
}
