import { clockTime, dayOf, shortTime } from '../words/time-words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
] as const;

/** The marks of a time axis. */
export interface TimeTicks {
  readonly step: number;
  /** Epoch ms, rising. */
  readonly at: readonly number[];
}

/**
 * At most `most` round moments between `from` and `to` (epoch ms), counted from midnight in a zone that is `offset` ms
 * ahead of UTC.
 */
export function timeTicks(from: number, to: number, most: number, offset: number): TimeTicks {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? 60 * DAY;
  const first = Math.ceil((from + offset) / step) * step - offset;
  const at: number[] = [];
  for (let tick = first; tick <= to; tick += step) at.push(tick);
  return { step, at };
}

/** What stands at a mark: the date at midnight, else the time as finely as the steps need it. */
export function tickLabel(at: number, step: number): string {
  if (step < MINUTE) return clockTime(at);
  // In a year the clocks change twice: midnight by the zone of the end may be an hour to either side of it.
  if (step >= DAY) return dayOf(at + 2 * HOUR);
  return shortTime(at) === '00:00' ? dayOf(at) : shortTime(at);
}
