/** Bytes that must follow whatever is read with {@link peekBits}, so that a look ahead at the end finds some. */
export const READ_AHEAD = 8;

/** Bits one after another, the highest bit of a byte first. */
export class BitWriter {
  #bytes = new Uint8Array(64);
  #length = 0;
  #held = 0;
  #free = 8;

  /** Appends the lowest `bits` (0 to 32) of a whole number. */
  write(value: number, bits: number): void {
    if (this.#length + 5 > this.#bytes.length) this.#grow();
    let left = bits;
    while (left >= this.#free) {
      left -= this.#free;
      this.#bytes[this.#length++] = this.#held | ((value >>> left) & ((1 << this.#free) - 1));
      this.#held = 0;
      this.#free = 8;
    }
    if (left === 0) return;
    this.#free -= left;
    this.#held |= (value & ((1 << left) - 1)) << this.#free;
  }

  /** Appends a whole number from 0 to 2^53. */
  writeWide(value: number): void {
    this.write(Math.floor(value / 2 ** 32), 22);
    this.write((value % 2 ** 32) | 0, 32);
  }

  /** Appends a whole number from 0 to 2^53 that is mostly small: 7 bits and one that says whether more follow. */
  writeSmall(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.write(128 | (rest % 128), 8);
      rest = Math.floor(rest / 128);
    }
    this.write(rest, 8);
  }

  /** What was written, up to a whole byte. */
  finish(): Uint8Array<ArrayBuffer> {
    const { length } = this;
    if (this.#free < 8) this.#bytes[this.#length] = this.#held;
    return this.#bytes.slice(0, length);
  }

  /** In bytes, a begun one included. */
  get length(): number {
    return this.#length + (this.#free < 8 ? 1 : 0);
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** The 32 bits from bit `at` on, as a signed whole number. */
export function peekBits(view: DataView, at: number): number {
  const i = at >>> 3;
  const shift = at & 7;
  return (view.getInt32(i) << shift) | (view.getUint8(i + 4) >>> (8 - shift));
}

/** Reads what {@link BitWriter} wrote, in the same steps. {@link READ_AHEAD} bytes must follow. */
export class BitReader {
  readonly view: DataView;
  /** The next bit. */
  at: number;

  /** `begin` is the first byte. */
  constructor(bytes: Uint8Array, begin = 0) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = begin * 8;
  }

  read(bits: number): number {
    if (bits === 0) return 0;
    const value = peekBits(this.view, this.at) >>> (32 - bits);
    this.at += bits;
    return value;
  }

  readWide(): number {
    return this.read(22) * 2 ** 32 + this.read(32);
  }

  readSmall(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.read(8);
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  }
}
