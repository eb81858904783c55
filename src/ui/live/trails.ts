import type { SeriesId } from '../../engine-api/frame.ts';
import type { Gap, SeriesPoints } from '../../engine-api/series.ts';
import type { Value } from '../../model/sample.ts';

/** How far back a sparkline goes. */
export const TRAIL_MS = 15 * 60_000;

/** A fleet that was just met for the first time shows at least this much. */
const LEAST_MS = 60_000;

/** More points than a sparkline has pixels are thinned out. */
const MAX_POINTS = 480;

/** The last minutes of one channel, for its sparkline. */
export interface Trail {
  readonly at: number[];
  readonly value: number[];
  gaps: readonly Gap[];
  breakAfter: number;
}

/** The trails of the channels that a fleet page has shown. Outside of all reactive state: redrawn once a second. */
export class Trails {
  #bySeries = new Map<SeriesId, Trail>();

  get(series: SeriesId): Trail | undefined {
    return this.#bySeries.get(series);
  }

  /** Starts a trail from history. */
  begin(series: SeriesId, points: SeriesPoints, gaps: readonly Gap[]): void {
    const trail: Trail = {
      at: Array.from(points.at),
      value: Array.from(points.value),
      gaps,
      breakAfter: points.breakAfter,
    };
    const before = this.#bySeries.get(series);
    const end = trail.at.at(-1) ?? 0;
    before?.at.forEach((at, i) => {
      if (at > end) append(trail, at, before.value[i] ?? Number.NaN);
    });
    this.#bySeries.set(series, trail);
  }

  /** Adds a live value to a trail that was begun; texts have no trail. */
  extend(series: SeriesId, at: number, value: Value): void {
    const trail = this.#bySeries.get(series);
    if (trail !== undefined && typeof value !== 'string') append(trail, at, Number(value));
  }

  /** Where all sparklines begin (epoch ms): at the oldest of their points, at most 15 minutes before `now`. */
  begins(now: number): number {
    let first = now - LEAST_MS;
    for (const { at } of this.#bySeries.values()) first = Math.min(first, at[0] ?? first);
    return Math.max(first, now - TRAIL_MS);
  }

  clear(): void {
    this.#bySeries.clear();
  }
}

function append(trail: Trail, at: number, value: number): void {
  trail.at.push(at);
  trail.value.push(value);
  if (trail.at.length <= MAX_POINTS) return;
  const from = at - TRAIL_MS;
  // Drops what has left the window, then every second point of the older half, so that the newest stay exact.
  const half = trail.at.length / 2;
  const keep = (i: number): boolean => (trail.at[i] ?? 0) >= from && (i >= half || i % 2 === 0);
  const at2 = trail.at.filter((_, i) => keep(i));
  const value2 = trail.value.filter((_, i) => keep(i));
  trail.at.splice(0, trail.at.length, ...at2);
  trail.value.splice(0, trail.value.length, ...value2);
}
