import type { Value } from '../model/sample.ts';
import { Kind } from '../model/table.ts';

/**
 * Samples side by side: the shape in which they are buffered, stored and read, so that nothing is an object per
 * sample. Every column has the same length. A view into a larger buffer would be stored whole: what goes into the store is
 * made by `packBlock`, into buffers of its own.
 */
export interface Columns {
  /** Receive time, whole epoch ms. */
  readonly t: Float64Array;
  /** The device's own time, NaN where it sent none; missing when no sample has one. */
  readonly ts?: Float64Array;
  /** The number itself; 0 or 1 for a boolean; an index into `texts` for a text. */
  readonly number: Float64Array;
  /** {@link Kind} in the two lowest bits, {@link LATE} above. */
  readonly flags: Uint8Array;
  readonly texts: readonly string[];
}

/** Samples of many series in the order in which they came. */
export interface Block extends Columns {
  readonly series: Uint32Array;
  /** Smallest and largest receive time. */
  readonly from: number;
  readonly to: number;
}

export const KIND_MASK = 3;
/** The sample had waited (in a queue, in the device) before it was received. */
export const LATE = 4;

/** The value at a position, as it was recorded. */
export function valueAt(columns: Columns, i: number): Value {
  const number = columns.number[i]!;
  const kind = columns.flags[i]! & KIND_MASK;
  if (kind === Kind.number) return number;
  return kind === Kind.boolean ? number === 1 : columns.texts[number]!;
}

/** The device's own time at a position, NaN where there is none. */
export function deviceTimeAt(columns: Columns, i: number): number {
  return columns.ts === undefined ? NaN : columns.ts[i]!;
}

/** Whether the sample at a position was late. */
export function isLateAt(columns: Columns, i: number): boolean {
  return (columns.flags[i]! & LATE) !== 0;
}
