import type { BitReader, BitWriter } from './bits.ts';

/**
 * Writes any f64, bit for bit, as what differs from the one before: one bit where nothing does, else the bits between the
 * first and the last that differ (after Pelkonen et al., "Gorilla", VLDB 2015, without its shared windows).
 */
export function writeRaw(writer: BitWriter, values: Float64Array): void {
  // Copied, since the view of the words needs a buffer that begins where the values do.
  const words = new Uint32Array(values.slice().buffer);
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const x0 = (words[2 * i]! ^ low) >>> 0;
    const x1 = (words[2 * i + 1]! ^ high) >>> 0;
    low = words[2 * i]!;
    high = words[2 * i + 1]!;
    if (x0 === 0 && x1 === 0) {
      writer.write(0, 1);
      continue;
    }
    const leading = x1 === 0 ? 32 + Math.clz32(x0) : Math.clz32(x1);
    const trailing = x0 === 0 ? 32 + trailingZeros(x1) : trailingZeros(x0);
    const length = 64 - leading - trailing;
    writer.write(1, 1);
    writer.write(leading, 6);
    writer.write(length - 1, 6);
    const [s0, s1] = shiftRight(x0, x1, trailing);
    if (length > 32) writer.write(s1, length - 32);
    writer.write(s0, Math.min(32, length));
  }
}

/** Reads `n` numbers that {@link writeRaw} wrote. */
export function readRaw(reader: BitReader, n: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(n);
  const words = new Uint32Array(values.buffer);
  let low = 0;
  let high = 0;
  for (let i = 0; i < n; i++) {
    if (reader.read(1) === 1) {
      const leading = reader.read(6);
      const length = reader.read(6) + 1;
      const s1 = length > 32 ? reader.read(length - 32) : 0;
      const s0 = reader.read(Math.min(32, length));
      const [x0, x1] = shiftLeft(s0, s1, 64 - leading - length);
      low = (low ^ x0) >>> 0;
      high = (high ^ x1) >>> 0;
    }
    words[2 * i] = low;
    words[2 * i + 1] = high;
  }
  return values;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function shiftRight(low: number, high: number, by: number): [low: number, high: number] {
  if (by === 0) return [low, high];
  if (by >= 32) return [high >>> (by - 32), 0];
  return [((low >>> by) | (high << (32 - by))) >>> 0, high >>> by];
}

function shiftLeft(low: number, high: number, by: number): [low: number, high: number] {
  if (by === 0) return [low, high];
  if (by >= 32) return [0, low << (by - 32)];
  return [low << by, (high << by) | (low >>> (32 - by))];
}
