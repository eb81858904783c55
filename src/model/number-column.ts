import type { BitReader, BitWriter } from './bits.ts';
import { MAX_INTEGER, readIntegers, writeIntegers } from './integer-column.ts';
import { readRaw, writeRaw } from './raw-column.ts';

/** Digits after the point up to which a number may be kept as a whole number of its last digit. */
const MAX_DIGITS = 9;
/** In place of the digits: the bits of the numbers as they are. */
const RAW = 15;

/**
 * How many digits after the point every one of these numbers has at most, so that a whole number of the last digit gives
 * back the very same f64; `undefined` where that cannot be said of all of them (-0, 1e-320, 2^53 + 2, pi).
 *
 * It is a proof and not a guess: dividing two exact numbers is rounded correctly [IEEE 754, 5.4.1], so what this finds is
 * what the reader computes.
 */
export function digitsOf(values: Float64Array): number | undefined {
  const digits = mostDigits(values);
  // The first ones were looked at with fewer digits.
  return digits <= MAX_DIGITS && areWhole(values, 10 ** digits) ? digits : undefined;
}

function mostDigits(values: Float64Array): number {
  let digits = 0;
  let unit = 1;
  for (let i = 0; i < values.length && digits <= MAX_DIGITS; i++) {
    while (!isWhole(values[i]!, unit) && ++digits <= MAX_DIGITS) unit = 10 ** digits;
  }
  return digits;
}

function areWhole(values: Float64Array, unit: number): boolean {
  for (let i = 0; i < values.length; i++) if (!isWhole(values[i]!, unit)) return false;
  return true;
}

function isWhole(value: number, unit: number): boolean {
  const whole = Math.round(value * unit);
  return Math.abs(whole) <= MAX_INTEGER && whole / unit === value && !Object.is(value, -0);
}

function wholes(values: Float64Array, unit: number): Float64Array {
  const whole = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) whole[i] = Math.round(values[i]! * unit);
  return whole;
}

/** Writes numbers so that every one comes back bit for bit: decimals with few digits as whole numbers, else raw. */
export function writeNumbers(writer: BitWriter, values: Float64Array): void {
  const digits = digitsOf(values);
  writer.write(digits ?? RAW, 4);
  if (digits === undefined) {
    writeRaw(writer, values);
    return;
  }
  writeIntegers(writer, digits === 0 ? values : wholes(values, 10 ** digits));
}

/** Reads `n` numbers that {@link writeNumbers} wrote. */
export function readNumbers(reader: BitReader, n: number): Float64Array<ArrayBuffer> {
  const digits = reader.read(4);
  if (digits === RAW) return readRaw(reader, n);
  const values = readIntegers(reader, n);
  if (digits === 0) return values;
  const unit = 10 ** digits;
  for (let i = 0; i < n; i++) values[i] = values[i]! / unit;
  return values;
}
