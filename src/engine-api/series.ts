import type { DeviceKey } from '../model/device.ts';

export interface SeriesRequest {
  readonly channels: readonly { readonly device: DeviceKey; readonly channel: string }[];
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  /** Width of the chart: at most two points come back for each. */
  readonly pixels: number;
  /**
   * What the answer is for, where only the newest answer counts: a request of the same page with the same purpose takes
   * the place of this one, which then rejects with {@link OVERTAKEN}.
   */
  readonly purpose?: string;
}

/** The sentence with which a request ends that a newer one has taken the place of. */
export const OVERTAKEN = 'A newer request has taken the place of this one.';

/** A stretch in which nobody listened. Epoch ms. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * One channel over the asked range, in order of time: first, smallest, largest and last sample of each two pixels, or all
 * where there are no more. Of a wide range, or where only minutes or hours are kept, the smallest and the largest of
 * each minute or hour stand in for its samples, at its middle.
 */
export interface SeriesPoints {
  readonly at: Float64Array;
  /** Numbers; booleans as 0 and 1; texts as an index into `labels`. */
  readonly value: Float64Array;
  readonly labels?: readonly string[];
  /** How many stored samples these points stand for. */
  readonly samples: number;
  /** Silence longer than this (ms) is drawn as a break. */
  readonly breakAfter: number;
}

export interface SeriesAnswer {
  /** In the order of the request; empty columns for a channel without samples. */
  readonly series: readonly SeriesPoints[];
  readonly gaps: readonly Gap[];
}

/** One page of a device's history as NDJSON. */
export interface ExportPage {
  readonly text: string;
  readonly samples: number;
  /** Hand it back for the next page; `undefined` after the last. */
  readonly next?: number;
}

/** What every channel did in whole hours. */
export interface OverviewRequest {
  /** Epoch ms; the hour that it is in is the first. The last two days are there. */
  readonly from: number;
  /** Epoch ms, exclusive; the hour that it is in is the last. */
  readonly to: number;
}

/** Channels that sent numbers or booleans (0 and 1), side by side. */
export interface OverviewAnswer {
  readonly series: Uint32Array;
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
}
