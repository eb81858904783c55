import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { Command } from '../model/command.ts';
import type { BatchRecord } from './batches.ts';
import type { ChunkRecord } from './chunks.ts';
import type { DeviceRecord } from './devices.ts';
import type { GapRecord } from './gaps.ts';
import type { MetaKey, MetaRecords } from './meta.ts';
import type { SeriesRecord } from './series.ts';

/** One database per home. Whoever changes it appends a migration. */
export interface TelltaleDB extends DBSchema {
  /** Single facts about this home: see {@link MetaRecords}. */
  meta: { key: MetaKey; value: MetaRecords[MetaKey] };
  /** The dictionary that gives a device and channel its number. */
  series: { key: number; value: SeriesRecord };
  devices: { key: string; value: DeviceRecord };
  /** The append log: one record a flush. */
  batches: { key: number; value: BatchRecord; indexes: { to: number } };
  /** The log, regrouped: one series over a stretch of time. */
  chunks: { key: [series: number, from: number, seq: number]; value: ChunkRecord };
  gaps: { key: [from: number, to: number]; value: GapRecord; indexes: { to: number } };
  commands: { key: string; value: Command; indexes: { createdAt: number; outcome: string } };
}

export type StoreName = 'meta' | 'series' | 'devices' | 'batches' | 'chunks' | 'gaps' | 'commands';

/** What a database that is whole contains. */
export const STORE_NAMES: readonly StoreName[] = [
  'meta',
  'series',
  'devices',
  'batches',
  'chunks',
  'gaps',
  'commands',
];

export type TelltaleDatabase = IDBPDatabase<TelltaleDB>;

/** A transaction that covers at least the named stores. */
export type Transaction<Mode extends IDBTransactionMode = 'readonly'> = IDBPTransaction<
  TelltaleDB,
  StoreName[],
  Mode
>;
