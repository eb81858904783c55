import type { DeviceKey } from '../model/device.ts';

export interface SeriesRequest {
  readonly channels: readonly { readonly device: DeviceKey; readonly channel: string }[];
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  /** Width of the chart: at most two points come back for each. */
  readonly pixels: number;
}

/** A stretch in which nobody listened. Epoch ms. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * One channel over the asked range, in order of time: first, smallest, largest and last sample of each two pixels, or all
 * where there are no more.
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
