import type { RuleSets } from '../model/alert/rule-sets.ts';
import type { DeviceConfig } from '../model/config/config-change.ts';
import type { DeviceDescription, DeviceKey, LocalDescription, Online } from '../model/device.ts';
import type { HistoryEvent } from '../model/history-event.ts';
import type { HistorySettings } from '../model/history-settings.ts';
import type { TakenMessages } from '../model/taken-messages.ts';
import type { Block } from './columns.ts';
import type { PackedBlock } from './pack-block.ts';

/** From when on each detail is complete, epoch ms: before it there may be remains that are not read any more. */
export interface Floors {
  readonly samples: number;
  readonly minutes: number;
  readonly hours: number;
}

/** What is stored where, kept up to date by whoever adds or takes away: nothing is counted by reading it. */
export interface AccountRecord {
  /** What waits in segments. */
  readonly segments: { readonly count: number; readonly samples: number; readonly bytes: number };
  /** How often segments were made into chunks. */
  readonly runs: number;
  /** By device (see `leadOf` in series.ts), side by side: bytes of chunks and of rollups, and samples in chunks. */
  readonly leads: Uint32Array;
  readonly chunkBytes: Float64Array;
  readonly rollupBytes: Float64Array;
  readonly samples: Float64Array;
  /** Samples that were stored once and have been taken out. */
  readonly dropped: number;
  readonly floors: Floors;
}

/** An entry of the dictionary: the number that stands for a device and channel in frames and in the store. */
export interface SeriesRecord {
  /** u32, from 1. */
  readonly id: number;
  readonly device: DeviceKey;
  readonly channel: string;
}

/** What is remembered of a device beside its samples. Times are epoch ms. */
export interface DeviceRecord {
  readonly key: DeviceKey;
  readonly online: Online;
  readonly statusSince?: number;
  readonly lastSeen?: number;
  readonly description?: DeviceDescription;
  /** Without what may not be kept. */
  readonly config?: DeviceConfig;
}

/** A batch as it is stored. */
export interface StoredBatch extends PackedBlock {
  readonly seq: number;
}

/** Samples of one device over a stretch of time. Written once, never changed. */
export interface ChunkRecord {
  /** Which device: see `leadOf` in series.ts. */
  readonly lead: number;
  /** Smallest and largest receive time. */
  readonly from: number;
  readonly to: number;
  /** The first segment of the run that it was made of: orders chunks of equal times by arrival. */
  readonly seq: number;
  readonly samples: number;
  readonly bytes: Uint8Array;
  /** Only where there are any. */
  readonly texts?: readonly string[];
}

/** The events of one flush: one record whatever their number. */
export interface EventsRecord {
  /** From 1, in the order in which they were written. */
  readonly id: number;
  /** Times of the first and the last. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly HistoryEvent[];
}

/** A stretch in which nobody listened. Epoch ms. */
export interface GapRecord {
  readonly from: number;
  readonly to: number;
}

/** All series of one hour side by side: what the whole fleet did is one record. */
export interface HourRecord {
  /** Epoch ms divided by an hour. */
  readonly hour: number;
  readonly series: Uint32Array;
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
}

/** Where the append log stands; written with every flush, in its transaction. */
export interface LogRecord {
  /** The sequence number of the last durable batch; 0 before the first. */
  readonly lastSeq: number;
  /** How many samples were ever stored here; those that were taken out again are counted in the account. */
  readonly kept: number;
  /** Until when somebody was listening, epoch ms. */
  readonly heardUntil?: number;
}

/** The last sample of every series as of a batch, so that opening replays only the batches after it. */
export interface LatestRecord {
  /** The last batch that it takes into account. */
  readonly seq: number;
  readonly block: Block | undefined;
}

export interface MetaRecords {
  /** Written when the database is made: without it, the browser has emptied the database. */
  marker: { readonly createdAt: number };
  clientId: string;
  protocol: 4 | 5;
  /** The session that the broker may keep is over. */
  afresh: boolean;
  /** Counts up each time that a tab takes the lead. */
  term: number;
  log: LogRecord;
  latest: LatestRecord;
  settings: HistorySettings;
  /** What the computer's clock showed while a command was open, epoch ms; their deadlines are by it. */
  clockSeen: number;
  /** The rules by which alerts are raised. */
  alertRules: RuleSets;
  /** The descriptions that hold in this browser only. */
  localDescriptions: readonly LocalDescription[];
  /** The QoS 1 messages up to the last flush that may not be acknowledged: they may come again. */
  taken: TakenMessages;
  /** The filters that the broker may have in our session. */
  heldFilters: readonly string[];
  /** Another tab leads since that term: who led in it can write no more. Kept for as long as the database is. */
  [ended: `ended ${number}`]: true;
}

export type MetaKey = keyof MetaRecords;

/** Some of the buckets of one device within one block of time: what one run of samples added to it. */
export interface RollupRecord {
  /** Which device: see `leadOf` in series.ts. */
  readonly lead: number;
  /** Of a bucket, ms. */
  readonly width: number;
  /** Which block of time: epoch ms divided by width and {@link BLOCK_BUCKETS}. */
  readonly block: number;
  /** The first segment of the run that it was made of. */
  readonly seq: number;
  /** End of the last bucket, epoch ms. */
  readonly to: number;
  /** Which series are in it, and where the rollup of each begins. */
  readonly series: Uint32Array;
  readonly begins: Uint32Array;
  readonly bytes: Uint8Array;
}

/**
 * A stretch of the log, regrouped by device: one record for all of them, so that it costs one write whatever their
 * number. It waits to be made into chunks together with others.
 */
export interface SegmentRecord {
  /** From 1, in the order in which they were written. */
  readonly id: number;
  /** Smallest and largest receive time. */
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  /** Which devices are in it (see `leadOf` in series.ts), and where the table of each begins. */
  readonly leads: Uint32Array;
  readonly begins: Uint32Array;
  readonly bytes: Uint8Array;
  readonly texts: readonly string[];
}
