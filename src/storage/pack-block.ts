import { digitsOf } from '../model/number-column.ts';
import type { Block } from './columns.ts';
import { extremes, type Extremes } from './extremes.ts';

/**
 * A block in fewer bytes, column by column, where that loses nothing: a log that is half as long is written in half the
 * time. Not as few as could be: it is read once or never, and the next one comes in a second.
 */
export interface PackedBlock {
  readonly from: number;
  readonly to: number;
  readonly series: Uint16Array | Uint32Array;
  /** After `from`, or as they are. */
  readonly t: Uint16Array | Uint32Array | Float64Array;
  /** After `tsFrom`, or as they are. */
  readonly ts?: Uint16Array | Uint32Array | Float64Array;
  readonly tsFrom?: number;
  /** Whole numbers of the last of so many digits after the point, or as they are. */
  readonly number: Int16Array | Int32Array | Float64Array;
  readonly digits?: number;
  /** Missing when all are 0: numbers that were not late. */
  readonly flags?: Uint8Array;
  readonly texts: readonly string[];
}

const SHORT = 2 ** 16;
const WORD = 2 ** 32;

/** The column as offsets from its smallest, where they come back as they were. */
function offsets(values: Float64Array, { min: from, max }: Extremes): Uint16Array | Uint32Array | undefined {
  if (!(max - from < WORD)) return undefined;
  const out = new (max - from < SHORT ? Uint16Array : Uint32Array)(values.length);
  for (let i = 0; i < values.length; i++) {
    const offset = values[i]! - from;
    out[i] = offset;
    if (out[i] !== offset || out[i]! + from !== values[i]) return undefined;
  }
  return out;
}

function packNumbers(values: Float64Array): Pick<PackedBlock, 'number' | 'digits'> {
  const digits = digitsOf(values);
  if (digits === undefined) return { number: values.slice() };
  const unit = 10 ** digits;
  const { min, max } = extremes(values);
  const size = 2 * (Math.max(-min, max) * unit + 1);
  if (!(size < WORD)) return { number: values.slice() };
  const number = new (size < SHORT ? Int16Array : Int32Array)(values.length);
  for (let i = 0; i < values.length; i++) number[i] = Math.round(values[i]! * unit);
  return { number, digits };
}

function isShort(series: Uint32Array): boolean {
  for (let i = 0; i < series.length; i++) if (series[i]! >= SHORT) return false;
  return true;
}

function isZero(flags: Uint8Array): boolean {
  for (let i = 0; i < flags.length; i++) if (flags[i] !== 0) return false;
  return true;
}

/** Packs a block into buffers of its own: whatever it was a view of is not stored with it. */
export function packBlock({ series, t, ts, number, flags, texts, from, to }: Block): PackedBlock {
  const between = ts && extremes(ts);
  const own = ts && between && offsets(ts, between);
  return {
    from,
    to,
    series: isShort(series) ? new Uint16Array(series) : series.slice(),
    t: offsets(t, { min: from, max: to }) ?? t.slice(),
    ...(ts && (own ? { ts: own, tsFrom: between.min } : { ts: ts.slice() })),
    ...packNumbers(number),
    ...(!isZero(flags) && { flags: flags.slice() }),
    texts,
  };
}

function after(from: number, offsets: Uint16Array | Uint32Array): Float64Array {
  const out = new Float64Array(offsets.length);
  for (let i = 0; i < out.length; i++) out[i] = from + offsets[i]!;
  return out;
}

function wholes(numbers: Int16Array | Int32Array, unit: number): Float64Array {
  const out = new Float64Array(numbers.length);
  for (let i = 0; i < out.length; i++) out[i] = numbers[i]! / unit;
  return out;
}

/** What {@link packBlock} was given. What version 1 wrote comes back as it is. */
export function unpackBlock(packed: PackedBlock): Block {
  const { from, to, series, t, ts, tsFrom, number, digits, flags, texts } = packed;
  const unit = 10 ** (digits ?? 0);
  return {
    from,
    to,
    texts,
    series: series instanceof Uint32Array ? series : new Uint32Array(series),
    t: t instanceof Float64Array ? t : after(from, t),
    ...(ts && { ts: ts instanceof Float64Array ? ts : after(tsFrom ?? 0, ts) }),
    number: number instanceof Float64Array ? number : wholes(number, unit),
    flags: flags ?? new Uint8Array(t.length),
  };
}
