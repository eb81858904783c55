import type { DeviceKey } from '../model/device.ts';
import type { EventKind, HistoryEvent } from '../model/history-event.ts';

export interface EventsRequest {
  /** Of one device; of all, and of none, when not given. */
  readonly device?: DeviceKey;
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  readonly kinds?: readonly EventKind[];
}

export interface EventsAnswer {
  /** In order of time: the newest 1,000 of the range. */
  readonly events: readonly HistoryEvent[];
  /** There are older ones in the range. */
  readonly more: boolean;
}

/** What the history takes in this browser: bytes as they are written, before the browser's own compression. */
export interface HistoryUsage {
  /** Everything that has been regrouped, in bytes. */
  readonly bytes: number;
  /** Of it, what is not by device yet. */
  readonly recentBytes: number;
  readonly devices: readonly DeviceUsage[];
  /** Readings before this were dropped to make room or for their age; 0 when none were. Epoch ms. */
  readonly samplesFrom: number;
}

export interface DeviceUsage {
  readonly device: DeviceKey;
  readonly sampleBytes: number;
  readonly summaryBytes: number;
  readonly samples: number;
}
