/** What a channel can hold. Numbers are finite f64; everything else a device sends is flattened or refused. */
export type Value = number | boolean | string;

/** One value of a channel at one time. Times are epoch milliseconds. */
export interface Sample {
  /** When this browser received it: the primary time axis. */
  readonly t: number;
  /** The device's own time as it sent it (epoch ms, or uptime ms), kept beside and never trusted. */
  readonly ts?: number;
  readonly value: Value;
}
