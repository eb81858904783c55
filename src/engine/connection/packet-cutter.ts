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

/** Takes the beginning of a packet that is too large and of `size` bytes: `bytes[from, to)` has the whole topic in it. */
export type TakeBeginning = (
  bytes: Uint8Array,
  from: number,
  body: number,
  to: number,
  size: number,
) => Fault | undefined;

const PUBLISH = 3;
const NOTHING = new Uint8Array(0);
/** A fixed header, the longest topic with its length, and a packet id. */
const BEGINNING_BYTES = 5 + 2 + 65_535 + 2;

/**
 * Cuts a byte stream into MQTT packets: WebSocket frames may carry part of one or many [MQTT-6.0.0-2]. A packet that lies
 * whole in its frame is not copied. What is held between two frames is at most one packet of `maximum` bytes. A larger one is
 * a fault as soon as its length is read; or, where messages may be passed over, its beginning is kept and the rest dropped.
 */
export class PacketCutter {
  readonly #maximum: number;
  readonly #take: TakePacket;
  readonly #takeBeginning: TakeBeginning | undefined;
  /** The beginning of a fixed header that goes on in the next frame: at most four bytes. */
  #head = NOTHING;
  /** A packet that began in an earlier frame, in a buffer of its size, or of its beginning's where it is too large. */
  #open: Uint8Array | undefined;
  #openBody = 0;
  #openSize = 0;
  #filled = 0;
  /** Bytes of it that are still to come. */
  #missing = 0;

  /**
   * @param maximum bytes of a packet with its fixed header
   * @param takeBeginning takes a larger PUBLISH when all of it has come; missing where none may be passed over
   */
  constructor(maximum: number, take: TakePacket, takeBeginning?: TakeBeginning) {
    this.#maximum = maximum;
    this.#take = take;
    this.#takeBeginning = takeBeginning;
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
    const used = Math.min(this.#missing, frame.length);
    const kept = Math.min(used, open.length - this.#filled);
    open.set(frame.subarray(0, kept), this.#filled);
    this.#filled += kept;
    this.#missing -= used;
    if (this.#missing > 0) return undefined;
    this.#open = undefined;
    return this.#hand(open, 0, this.#openBody, open.length, this.#openSize) ?? this.#cut(frame, used);
  }

  #hand(bytes: Uint8Array, from: number, body: number, to: number, size: number): Fault | undefined {
    const isLarge = this.#takeBeginning && size > this.#maximum;
    return isLarge ? this.#takeBeginning(bytes, from, body, to, size) : this.#take(bytes, from, body, to);
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
      const size = to - from;
      const passes = this.#takeBeginning && (bytes[from] ?? 0) >> 4 === PUBLISH;
      if (size > this.#maximum && !passes) return tooLarge(size, this.#maximum);
      if (to > bytes.length) {
        const kept = size > this.#maximum ? BEGINNING_BYTES : size;
        const here = bytes.subarray(from, from + kept);
        this.#open = new Uint8Array(kept);
        this.#open.set(here);
        this.#openBody = body - from;
        this.#openSize = size;
        this.#filled = here.length;
        this.#missing = to - bytes.length;
        return undefined;
      }
      const fault = this.#hand(bytes, from, body, to, size);
      if (fault) return fault;
      from = to;
    }
    return undefined;
  }
}

/** What it means that a packet of so many bytes was sent where at most `maximum` are taken. */
export function tooLarge(bytes: number, maximum: number): Fault {
  return { what: `a packet of ${bytes} bytes; at most ${maximum} are taken`, code: PACKET_TOO_LARGE };
}
