import { BitReader, BitWriter, READ_AHEAD } from './bits.ts';
import { readIntegers, writeIntegers } from './integer-column.ts';
import { readNumbers, writeNumbers } from './number-column.ts';
import type { Extremes, Rollup } from './rollup.ts';

/** A rollup as bytes; every number comes back bit for bit. */
export function encodeRollup({ bucket, count, min, max, sum }: Rollup): Uint8Array<ArrayBuffer> {
  const writer = new BitWriter();
  writer.writeSmall(bucket.length);
  writeIntegers(writer, bucket);
  writeIntegers(writer, count);
  writeNumbers(writer, min);
  writeNumbers(writer, max);
  writeNumbers(writer, sum);
  for (let i = 0; i < READ_AHEAD; i++) writer.write(0, 8);
  return writer.finish();
}

/** Reads what {@link encodeRollup} wrote, at `begin`. */
export function decodeRollup(bytes: Uint8Array, begin = 0): Rollup {
  const reader = new BitReader(bytes, begin);
  const extremes = readExtremes(reader);
  return { ...extremes, sum: readNumbers(reader, extremes.bucket.length) };
}

/** The same without the sums, which take the most time. */
export function decodeExtremes(bytes: Uint8Array, begin = 0): Extremes {
  return readExtremes(new BitReader(bytes, begin));
}

function readExtremes(reader: BitReader): Extremes {
  const n = reader.readSmall();
  return {
    bucket: readIntegers(reader, n),
    count: readIntegers(reader, n),
    min: readNumbers(reader, n),
    max: readNumbers(reader, n),
  };
}
