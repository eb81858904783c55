import type { Alert } from '../model/alert/alert.ts';
import type { Command } from '../model/command.ts';
import type { DeviceConfig } from '../model/config/config-change.ts';
import type {
  ChannelKind,
  DeviceDescription,
  DeviceKey,
  DeviceStatus,
  LocalDescription,
} from '../model/device.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Link, Subscription } from './link.ts';
import type { RulesState } from './rules.ts';
import type { Gap } from './series.ts';

/** Where a shown value comes from. */
export type ValueSource = 'live' | 'retained' | 'history' | 'stale';

/** The order is the wire's: a source crosses as its index. */
export const VALUE_SOURCES: readonly ValueSource[] = ['live', 'retained', 'history', 'stale'];

/** A u32 that stands for one device and channel, in the frame and in the store alike. */
export type SeriesId = number;

/** A device as the page shows it, without its values. Immutable: a change is a new row. Times are epoch ms. */
export interface DeviceRow {
  readonly key: DeviceKey;
  /** For people, addresses and `data-device`. */
  readonly id: string;
  readonly status: DeviceStatus;
  /** When the status began, as far as this browser knows; `undefined` when only a retained copy was seen. */
  readonly statusSince?: number;
  /** When anything live last came from it. */
  readonly lastSeen?: number;
  readonly description?: DeviceDescription;
  /** Where `description` is that of this browser alone. */
  readonly local?: LocalDescription;
  /** Its channels in the order in which they are shown. */
  readonly channels: readonly SeriesId[];
  /** Its clock minus this browser's, in ms, where it is over 5 s. */
  readonly skew?: number;
  /** It sends time since boot instead of a date. */
  readonly uptimeClock?: boolean;
  readonly problems: number;
  readonly config?: DeviceConfig;
}

/**
 * A device whose row changed. A row changes once a second, what it says about itself hardly ever: `description`, `local`
 * and `config` cross only where `described` is set, and otherwise stay as they were.
 */
export interface DeviceChange extends DeviceRow {
  readonly described?: true;
}

/** One channel of a device. Sent once, and again when its description changes. */
export interface ChannelRow {
  readonly series: SeriesId;
  readonly device: DeviceKey;
  readonly channel: string;
  readonly name: string;
  readonly unit?: string;
  readonly kind: ChannelKind;
  readonly precision?: number;
  readonly min?: number;
  readonly max?: number;
}

/** The latest value of each channel that changed, as columns. `number` is NaN where `other` has the value. */
export interface ValueColumns {
  readonly series: Uint32Array;
  /** Receive time, epoch ms; NaN for a retained value whose age is not known. */
  readonly at: Float64Array;
  readonly number: Float64Array;
  /** Index into {@link VALUE_SOURCES}. */
  readonly source: Uint8Array;
  /** Booleans and texts, by position. */
  readonly other: readonly (readonly [position: number, value: boolean | string])[];
}

/** Every sample of the watched channels since the last frame, in order, for charts that are open. Numbers only (booleans 0/1). */
export interface SampleColumns {
  readonly series: Uint32Array;
  readonly at: Float64Array;
  readonly value: Float64Array;
}

export interface Problem {
  readonly at: number;
  readonly topic: string;
  readonly device?: DeviceKey;
  readonly message: string;
  /** How often the same thing has happened since `at`. */
  readonly count: number;
  readonly lastAt: number;
}

/** Plain counts, shown on the Connection page and asserted by checks. */
export interface Counters {
  /** PUBLISH packets that reached ingest since it began. */
  readonly received: number;
  /** Bytes of those packets' topics and payloads. */
  readonly bytes: number;
  /** Those of them that would have come if only what is on a screen were subscribed. */
  readonly viewedBytes: number;
  readonly samples: number;
  /** Samples made durable since the engine began. */
  readonly stored: number;
  /** Durable samples in this browser now. */
  readonly kept: number;
  readonly problems: number;
  /** Samples that could not be stored, whatever the cause. */
  readonly notKept: number;
}

/** The last raw message of a watched device. */
export interface RawMessage {
  readonly device: DeviceKey;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The payload's whole length; `payload` is cut at 64 KB. */
  readonly length: number;
  readonly at: number;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** What the history can do for this home right now. */
export interface StorageState {
  readonly mode: 'opening' | 'disk' | 'memory' | 'read-only';
  /** One sentence when it is not `disk`, or when what was stored had been lost and was started afresh. */
  readonly reason?: string;
}

/** Everything that changed since the last frame. A missing member did not change. */
export interface Frame {
  /** The page starts afresh from this one. */
  readonly snapshot?: true;
  readonly link?: Link;
  readonly storage?: StorageState;
  readonly devices?: readonly DeviceChange[];
  readonly removed?: readonly DeviceKey[];
  readonly channels?: readonly ChannelRow[];
  readonly values?: ValueColumns;
  /** `values` has those of devices that are not on the screen, too. */
  readonly offScreen?: true;
  readonly samples?: SampleColumns;
  /** More comes than anybody can follow: `values` are rare, and the next frame is wanted only when this one is drawn. */
  readonly flood?: true;
  /** Outages that have just ended and are recorded: for charts that are open. */
  readonly gaps?: readonly Gap[];
  readonly commands?: readonly Command[];
  /** The alerts that stand and the last ones that did, newest first; the list is replaced as a whole. */
  readonly alerts?: readonly Alert[];
  /** The rules by which alerts are raised. */
  readonly rules?: RulesState;
  /** All subscriptions, as a whole. */
  readonly subscriptions?: readonly Subscription[];
  readonly problems?: readonly Problem[];
  readonly raw?: readonly RawMessage[];
  readonly counters?: Counters;
  /** What this sign-in may do according to its policy document; `null` when there is none. */
  readonly policy?: PolicyDocument | null;
}
