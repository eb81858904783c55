import type { ValueSource } from '../../engine-api/frame.ts';
import type { Value } from '../../model/sample.ts';
import { visibleText } from './visible-text.ts';

/** More digits than any sensor has; also keeps a hostile `precision` from filling the screen. */
const MAX_DIGITS = 10;

/** How many digits after the decimal point `value` was sent with, at most 10. */
export function decimalsOf(value: number): number {
  const text = String(Number(value.toPrecision(MAX_DIGITS)));
  const exponent = text.indexOf('e');
  if (exponent >= 0) return 0;
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/**
 * A value as text. Numbers keep `digits` after the decimal point where that is known, else what the device sent;
 * very large and very small ones are written with an exponent.
 */
export function valueText(value: Value, digits?: number): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value === '' ? '(empty)' : visibleText(value);
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-6)) return value.toExponential(3);
  if (!Number.isFinite(value)) return 'unknown';
  if (digits === undefined) return String(Number(value.toPrecision(MAX_DIGITS)));
  // Rounded rather than cut off at an edge: a number without its last digits is another number.
  const room = MAX_DIGITS - Math.trunc(size).toString().length;
  return value.toFixed(Math.max(0, Math.min(room, Math.trunc(digits))));
}

/** As {@link sourceWords}, where there is little room. */
export function shortSourceWords(source: ValueSource, at: number): string {
  if (source === 'retained' && Number.isNaN(at)) return 'age unknown';
  return source;
}

/** Where a shown value comes from, in words. `at` is NaN when the broker's stored copy has no known age. */
export function sourceWords(source: ValueSource, at: number): string {
  if (source === 'live') return 'live';
  if (source === 'stale') return 'stale';
  if (source === 'history') return "from this browser's history";
  return Number.isNaN(at) ? 'retained, age unknown' : 'retained';
}

const COUNT = new Intl.NumberFormat('en-GB');

/** A count with its thousands set apart. */
export function countText(count: number): string {
  return COUNT.format(count);
}

/** A number of bytes: `640 B`, `12 KB`, `3.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  const [size, unit] = bytes < 999_500 ? [bytes / 1_000, 'KB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 10 ? size.toFixed(1) : countText(Math.round(size))} ${unit}`;
}

/** `one` or `many` after its count: `1 device`, `3 devices`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
