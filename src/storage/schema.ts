import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { StoredAlert } from '../model/alert/alert.ts';
import type { Command } from '../model/command.ts';
import type { ConfigChange } from '../model/config/config-change.ts';
import type {
  AccountRecord,
  ChunkRecord,
  DeviceRecord,
  EventsRecord,
  GapRecord,
  HourRecord,
  MetaKey,
  MetaRecords,
  RollupRecord,
  SegmentRecord,
  SeriesRecord,
  StoredBatch,
} from './records.ts';

/** One database per home. Whoever changes it appends a migration. */
export interface TelltaleDB extends DBSchema {
  /** Single facts about this home: see {@link MetaRecords}. */
  meta: { key: MetaKey; value: MetaRecords[MetaKey] };
  /** The dictionary that gives a device and channel its number. */
  series: { key: number; value: SeriesRecord };
  devices: { key: string; value: DeviceRecord };
  /** The append log: one record a flush. */
  batches: { key: number; value: StoredBatch; indexes: { to: number } };
  /** A stretch of the log by device, all devices in one record. */
  segments: { key: number; value: SegmentRecord; indexes: { to: number } };
  /** One device over a stretch of time, made of many segments. */
  chunks: {
    key: [lead: number, from: number, seq: number];
    value: ChunkRecord;
    indexes: { to: number };
  };
  /** Count, smallest, largest and sum by minute, ten minutes and hour of what is or was in chunks. */
  rollups: {
    key: [lead: number, width: number, block: number, seq: number];
    value: RollupRecord;
    indexes: { age: [width: number, to: number] };
  };
  /** The same by hour for all series at once, of what is not in the log any more; only the last two days. */
  hours: { key: number; value: HourRecord };
  /** Status changes, commands, alerts, problems. */
  events: { key: number; value: EventsRecord; indexes: { to: number } };
  /** How much of what there is: one record. */
  account: { key: 'now'; value: AccountRecord };
  gaps: { key: [from: number, to: number]; value: GapRecord; indexes: { to: number } };
  commands: { key: string; value: Command; indexes: { createdAt: number; outcome: string } };
  /** What was asked of devices, and by whom. */
  configChanges: {
    key: [device: string, at: number, id: string];
    value: ConfigChange;
    indexes: { at: number };
  };
  /** What stands, and what goes on and off: so that it is not raised a second time. */
  alerts: { key: string; value: StoredAlert };
}

export type StoreName =
  | 'meta'
  | 'series'
  | 'devices'
  | 'batches'
  | 'segments'
  | 'chunks'
  | 'rollups'
  | 'hours'
  | 'events'
  | 'account'
  | 'gaps'
  | 'commands'
  | 'configChanges'
  | 'alerts';

/** What a database that is whole contains. */
export const STORE_NAMES: readonly StoreName[] = [
  'meta',
  'series',
  'devices',
  'batches',
  'segments',
  'chunks',
  'rollups',
  'hours',
  'events',
  'account',
  'gaps',
  'commands',
  'configChanges',
  'alerts',
];

export type TelltaleDatabase = IDBPDatabase<TelltaleDB>;

/** A transaction that covers at least the named stores. */
export type Transaction<Mode extends IDBTransactionMode = 'readonly'> = IDBPTransaction<
  TelltaleDB,
  StoreName[],
  Mode
>;

/** The transaction of an upgrade, which covers everything. */
export type UpgradeTransaction = IDBPTransaction<TelltaleDB, StoreName[], 'versionchange'>;
