import type { Spread } from './statistics.ts';

/** One line of the table. */
export interface Row {
  readonly figure: string;
  /** What was measured on our side and on the other, with units. */
  readonly ours: string;
  readonly other: string;
  /** The number that the goal is about, over the rounds. */
  readonly value: Spread;
  readonly goal: string;
  readonly met: boolean;
}

/** What a figure gives: its lines, and everything that was measured for them. */
export interface FigureResult {
  readonly rows: readonly Row[];
  readonly raw: unknown;
  /** Tables of their own, in Markdown. */
  readonly tables?: readonly string[];
}

/** A number with three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-GB')
    : String(Number(value.toPrecision(3)));
}
