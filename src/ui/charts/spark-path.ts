import type { Trail } from '../live/trails.ts';

/** A sparkline in a box of `width` x `height`. */
export interface SparkPath {
  /** SVG path of the line, broken where nothing was heard. */
  readonly line: string;
  /** The last point, where there is one. */
  readonly end: readonly [x: number, y: number] | undefined;
}

function brokenBetween(trail: Trail, before: number, after: number): boolean {
  if (after - before > trail.breakAfter) return true;
  return trail.gaps.some((gap) => gap.from < after && gap.to > before);
}

/** Draws the part of `trail` between `from` and `to` (epoch ms). A flat line stands in the middle. */
export function sparkPath(trail: Trail, from: number, to: number, width: number, height: number): SparkPath {
  const shown = trail.at
    .map((at, i) => [at, trail.value[i] ?? Number.NaN] as const)
    .filter(([at, value]) => at >= from && at <= to && Number.isFinite(value));
  const values = shown.map(([, value]) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = 2;
  const x = (at: number): number => ((at - from) / (to - from)) * (width - 2 * pad) + pad;
  const y = (value: number): number =>
    high === low ? height / 2 : height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  let line = '';
  shown.forEach(([at, value], i) => {
    const before = shown[i - 1]?.[0];
    const pen = before === undefined || brokenBetween(trail, before, at) ? 'M' : 'L';
    line += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  const last = shown.at(-1);
  return { line, end: last === undefined ? undefined : [x(last[0]), y(last[1])] };
}
