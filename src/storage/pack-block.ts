import { digitsOf } from '../model/number-column.ts';
import type { Block } from './columns.ts';

/**
 * A block in fewer bytes, column by column, where that loses nothing: a log that is half as long is written in half the
 * time. Not as few as could be: it is read once or never, and the next one comes in a second.
 */
export interface PackedBlock {
  readonly from: number;
  readonly to: number;
  readonly series: Uint16Array | Uint32Array;
  /** After `from`, or as they are. */
  readonly t: Uint32Array | Float64Array;
  /** After `tsFrom`, or as they are. */
  readonly ts?: Uint32Array | Float64Array;
  readonly tsFrom?: number;
  /** Whole numbers of the last of so many digits after the point, or as they are. */
  readonly number: Int32Array | Float64Array;
  readonly digits?: number;
  /** Missing when all are 0: numbers that were not late. */
  readonly flags?: Uint8Array;
  readonly texts: readonly string[];
}

const WORD = 2 ** 32;
const HALF_WORD = 2 ** 31;

/** The smallest and largest of some values; `Infinity` and `-Infinity` of none. */
export function extremes(values: Float64Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < min) min = values[i]!;
    if (values[i]! > max) max = values[i]!;
  }
  return { min, max };
}

/** The column as offsets, where they come back as they were. */
function offsets(values: Float64Array, from: number): Uint32Array | undefined {
  const out = new Uint32Array(values.length);
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
  if (!(min * unit > -HALF_WORD && max * unit < HALF_WORD - 1)) return { number: values.slice() };
  const number = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) number[i] = Math.round(values[i]! * unit);
  return { number, digits };
}

/** Packs a block into buffers of its own: whatever it was a view of is not stored with it. */
export function packBlock({ series, t, ts, number, flags, texts, from, to }: Block): PackedBlock {
  const tsFrom = ts === undefined ? 0 : extremes(ts).min;
  const own = ts && offsets(ts, tsFrom);
  return {
    from,
    to,
    series: series.every((id) => id < 2 ** 16) ? new Uint16Array(series) : series.slice(),
    t: (to - from < WORD && offsets(t, from)) || t.slice(),
    ...(ts && (own ? { ts: own, tsFrom } : { ts: ts.slice() })),
    ...packNumbers(number),
    ...(flags.some((flag) => flag !== 0) && { flags: flags.slice() }),
    texts,
  };
}

/** What {@link packBlock} was given. What version 1 wrote comes back as it is. */
export function unpackBlock(packed: PackedBlock): Block {
  const { from, to, series, t, ts, tsFrom, number, digits, flags, texts } = packed;
  const unit = 10 ** (digits ?? 0);
  return {
    from,
    to,
    texts,
    series: series instanceof Uint32Array ? series : Uint32Array.from(series),
    t: t instanceof Float64Array ? t : Float64Array.from(t, (offset) => from + offset),
    ...(ts && {
      ts: ts instanceof Float64Array ? ts : Float64Array.from(ts, (offset) => (tsFrom ?? 0) + offset),
    }),
    number: number instanceof Float64Array ? number : Float64Array.from(number, (whole) => whole / unit),
    flags: flags ?? new Uint8Array(t.length),
  };
}
