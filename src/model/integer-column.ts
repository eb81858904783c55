import { peekBits, type BitReader, type BitWriter } from './bits.ts';

/** Whole numbers up to this size, either way: the second difference of four of them is still exact in f64. */
export const MAX_INTEGER = 2 ** 49;

/** Numbers that share one parameter. Small enough to follow a change, large enough that 5 bits do not count. */
const BLOCK = 128;
/** So many values tell how a column behaves. */
const TELLING = 2 * BLOCK;
/** In place of the parameter: every difference of the block is 0. */
const ALL_ZERO = 31;
const MAX_PARAMETER = 30;
/** Up to this parameter a number with fewer than {@link ESCAPE} zeros in front fits 31 bits. */
const MAX_SMALL = 26;
/** So many zeros in front announce a number in full: one outlier may not cost more than that. */
const ESCAPE = 24;

// One column is written at a time and nobody keeps it: a buffer for each would cost as much as its codes.
const scratch = new Float64Array(BLOCK);

/** 0, -1, 1, -2, 2… become 0, 1, 2, 3, 4… */
function zigzag(n: number): number {
  return n >= 0 ? 2 * n : -2 * n - 1;
}

function unzigzag(z: number): number {
  return z % 2 === 0 ? z / 2 : -(z + 1) / 2;
}

function bitLength(n: number): number {
  return n < 2 ** 31 ? 32 - Math.clz32(n) : 32 + bitLength(Math.floor(n / 2 ** 32));
}

/** What a block takes with a parameter, in bits. */
function cost(z: Float64Array, n: number, parameter: number): number {
  // By a power of two it is the same as to divide, and sooner done.
  const part = 2 ** -parameter;
  const escape = ESCAPE - 1 - parameter + 54;
  let quotients = 0;
  let escapes = 0;
  for (let i = 0; i < n; i++) {
    const quotient = z[i]! * part;
    if (quotient < ESCAPE) quotients += quotient | 0;
    else escapes++;
  }
  return n * (1 + parameter) + quotients + escapes * escape;
}

/** Outliers pull the mean up and the cost is convex, so the best parameter is found by going down from the mean. */
function bestParameter(z: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += z[i]!;
  if (sum === 0) return ALL_ZERO;
  let best = Math.min(MAX_PARAMETER, bitLength(Math.floor(sum / n)));
  let least = cost(z, n, best);
  while (best > 0) {
    const next = cost(z, n, best - 1);
    if (next > least) break;
    least = next;
    best--;
  }
  return best;
}

/** 1 or 2: whether values or their differences change less, as the first of them tell. */
function bestOrder(values: Float64Array): 1 | 2 {
  let first = 0;
  let second = 0;
  let before = 0;
  const end = Math.min(values.length, TELLING);
  for (let i = 1; i < end; i++) {
    const difference = values[i]! - values[i - 1]!;
    first += bitLength(zigzag(difference));
    if (i > 1) second += bitLength(zigzag(difference - before));
    before = difference;
  }
  return second < first ? 2 : 1;
}

function writeBlock(writer: BitWriter, z: Float64Array, n: number): void {
  const parameter = bestParameter(z, n);
  writer.write(parameter, 5);
  if (parameter === ALL_ZERO) return;
  const unit = 2 ** parameter;
  const part = 1 / unit;
  for (let i = 0; i < n; i++) {
    if (z[i]! * part >= ESCAPE) {
      writer.write(0, ESCAPE);
      writer.writeWide(z[i]!);
      continue;
    }
    const quotient = (z[i]! * part) | 0;
    const rest = z[i]! - quotient * unit;
    if (quotient + 1 + parameter <= 32) {
      writer.write((unit | rest) >>> 0, quotient + 1 + parameter);
    } else {
      writer.write(1, quotient + 1);
      writer.write(rest, parameter);
    }
  }
}

/**
 * Writes whole numbers of at most {@link MAX_INTEGER} either way: first or second differences in Rice codes (R. F. Rice,
 * 1979), with a parameter for each {@link BLOCK}. What rises evenly or stays the same takes next to nothing.
 */
export function writeIntegers(writer: BitWriter, values: Float64Array): void {
  const n = values.length;
  if (n === 0) return;
  const order = bestOrder(values);
  writer.write(order, 2);
  writer.writeWide(zigzag(values[0]!));
  const z = scratch;
  let before = 0;
  let used = 0;
  for (let i = 1; i < n; i++) {
    const difference = values[i]! - values[i - 1]!;
    z[used++] = zigzag(difference - before);
    if (order === 2) before = difference;
    if (used === BLOCK || i === n - 1) {
      writeBlock(writer, z, used);
      used = 0;
    }
  }
}

/** Reads `n` numbers that {@link writeIntegers} wrote. */
export function readIntegers(reader: BitReader, n: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n);
  if (n === 0) return out;
  const second = reader.read(2) === 2;
  let value = unzigzag(reader.readWide());
  let difference = 0;
  out[0] = value;
  for (let begin = 1; begin < n; begin += BLOCK) {
    const end = Math.min(n, begin + BLOCK);
    const parameter = reader.read(5);
    if (parameter !== ALL_ZERO) readBlock(reader, parameter, out, begin, end);
    if (second) {
      for (let i = begin; i < end; i++) out[i] = value += difference += out[i]!;
    } else {
      for (let i = begin; i < end; i++) out[i] = value += out[i]!;
    }
  }
  return out;
}

/** Reads the changes of one block into `out[begin, end)`. */
function readBlock(
  reader: BitReader,
  parameter: number,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  const { view } = reader;
  const unit = 2 ** parameter;
  let { at } = reader;
  for (let i = begin; i < end; i++) {
    const word = peekBits(view, at);
    const zeros = Math.clz32(word);
    if (zeros >= ESCAPE) {
      reader.at = at + ESCAPE;
      out[i] = unzigzag(reader.readWide());
      at = reader.at;
      continue;
    }
    const known = zeros + parameter < 32 ? word << (zeros + 1) : peekBits(view, at + zeros + 1);
    // Two shifts: one by 32 would be none.
    const rest = (known >>> 1) >>> (31 - parameter);
    at += zeros + 1 + parameter;
    if (parameter <= MAX_SMALL) {
      const z = (zeros << parameter) | rest;
      out[i] = (z >>> 1) ^ -(z & 1);
    } else {
      out[i] = unzigzag(zeros * unit + rest);
    }
  }
  reader.at = at;
}
