import { VALUE_SOURCES } from '../../engine-api/frame.ts';
import type { SeriesId, ValueColumns, ValueSource } from '../../engine-api/frame.ts';
import type { LinkPhase } from '../../engine-api/link.ts';
import type { DeviceStatus } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import { decimalsOf } from '../words/value-words.ts';

/** The latest value of a channel. Immutable. */
export interface ShownValue {
  readonly value: Value;
  /** Receive time, epoch ms; NaN when the broker's stored copy has no known age. */
  readonly at: number;
  readonly source: ValueSource;
  /** Decimals of the value itself. */
  readonly own: number;
  /** Decimals to show: those of the last two values, so that 20.5, 20, 20.5 does not jump about. */
  readonly digits: number;
}

/** Hands each value of a frame's columns to `take`; `before` knows the value that it replaces. */
export function eachValue(
  columns: ValueColumns,
  before: (series: SeriesId) => ShownValue | undefined,
  take: (series: SeriesId, shown: ShownValue) => void,
): void {
  const other = new Map(columns.other);
  columns.series.forEach((series, i) => {
    const value: Value = other.get(i) ?? columns.number[i] ?? Number.NaN;
    const own = typeof value === 'number' ? decimalsOf(value) : 0;
    take(series, {
      value,
      at: columns.at[i] ?? Number.NaN,
      source: VALUE_SOURCES[columns.source[i] ?? 0] ?? 'stale',
      own,
      digits: Math.max(own, before(series)?.own ?? 0),
    });
  });
}

/** Nothing looks live while the link is not, whatever the last frame said. */
export function shownSource(source: ValueSource, phase: LinkPhase): ValueSource {
  return source === 'live' && phase !== 'live' ? 'stale' : source;
}

/** No device is known to be online while the link is not live. */
export function shownStatus(status: DeviceStatus, phase: LinkPhase): DeviceStatus {
  return status === 'online' && phase !== 'live' ? 'stale' : status;
}
