import type { Gap, SeriesPoints } from '../../engine-api/series.ts';
import { Decimator } from '../../model/series.ts';

/** A point as Chart.js takes it; `y` is NaN where the line breaks. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

/** A sample that the pointer is near. */
export interface NearSample {
  readonly at: number;
  readonly value: number;
  /** It came while the chart was open, not out of the history. */
  readonly live: boolean;
}

/** The chart may hold this many times the points it can show before they are thinned out. */
const SLACK = 4;

/** The points of one chart: the history's answer, and what came since. Outside of all reactive state. */
export class ChartSeries {
  #at: number[] = [];
  #value: number[] = [];
  #loadedUntil = -Infinity;
  #breakAfter = 60_000;
  #labels: string[] = [];

  /** Takes the history's answer; what came live after its last sample stays. */
  load(points: SeriesPoints): void {
    const until = points.at.at(-1) ?? -Infinity;
    const newer = this.#at.findIndex((at) => at > until && at > this.#loadedUntil);
    const at = newer < 0 ? [] : this.#at.slice(newer);
    const value = newer < 0 ? [] : this.#value.slice(newer);
    this.#at = [...points.at, ...at];
    this.#value = [...points.value, ...value];
    this.#labels = [...(points.labels ?? [])];
    this.#loadedUntil = until;
    this.#breakAfter = points.breakAfter;
  }

  /** Adds a live sample, unless the history's answer already had it. */
  append(at: number, value: number): void {
    if (at <= this.#loadedUntil) return;
    this.#at.push(at);
    this.#value.push(value);
  }

  /** Adds a live text: its place among the labels is its value. */
  appendText(at: number, text: string): void {
    let index = this.#labels.indexOf(text);
    if (index < 0) index = this.#labels.push(text) - 1;
    this.append(at, index);
  }

  /** The texts of a channel that has them. */
  get labels(): readonly string[] {
    return this.#labels;
  }

  get lastAt(): number | undefined {
    return this.#at.at(-1);
  }

  /** What is drawn between `from` and `to` (epoch ms), with a NaN wherever nobody listened or nothing came. */
  points(from: number, to: number, pixels: number, gaps: readonly Gap[]): readonly ChartPoint[] {
    this.#forgetBefore(from);
    if (this.#at.length > SLACK * pixels) this.#thin(from, to, pixels);
    const drawn: ChartPoint[] = [];
    let before: number | undefined;
    let gap = 0;
    for (let i = 0; i < this.#at.length; i++) {
      const at = this.#at[i] ?? 0;
      if (at > to) break;
      while (gap < gaps.length && (gaps[gap]?.to ?? 0) <= (before ?? from)) gap += 1;
      const inGap = before !== undefined && (gaps[gap]?.from ?? Infinity) < at;
      if (before !== undefined && (inGap || at - before > this.#breakAfter)) {
        drawn.push({ x: before + 1, y: Number.NaN });
      }
      drawn.push({ x: at, y: this.#value[i] ?? Number.NaN });
      before = at;
    }
    return drawn;
  }

  /** The sample nearest to `at`, within `reach` ms of it. */
  near(at: number, reach: number): NearSample | undefined {
    const right = this.#indexFrom(at);
    const candidates = [right - 1, right].filter((i) => i >= 0 && i < this.#at.length);
    const distance = (i: number): number => Math.abs((this.#at[i] ?? Infinity) - at);
    const best = candidates.sort((a, b) => distance(a) - distance(b))[0];
    if (best === undefined || distance(best) > reach) return undefined;
    const found = this.#at[best] ?? 0;
    return { at: found, value: this.#value[best] ?? Number.NaN, live: found > this.#loadedUntil };
  }

  /** The first index at or after `at`. */
  #indexFrom(at: number): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forgetBefore(from: number): void {
    // In steps: moving a whole array for every sample that leaves the window would cost more than it saves.
    const gone = this.#indexFrom(from);
    if (gone < 64) return;
    this.#at.splice(0, gone);
    this.#value.splice(0, gone);
  }

  #thin(from: number, to: number, pixels: number): void {
    const decimator = new Decimator(from, to + 1, pixels);
    this.#at.forEach((at, i) => decimator.add(at, this.#value[i] ?? Number.NaN));
    const { at, value } = decimator.points();
    this.#at = [...at];
    this.#value = [...value];
  }
}
