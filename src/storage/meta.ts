import type { RuleSets } from '../model/alert/rule-sets.ts';
import type { HistorySettings } from '../model/history-settings.ts';
import type { TakenMessages } from '../model/taken-messages.ts';
import type { LatestRecord } from './latest.ts';
import type { Transaction } from './schema.ts';

/** Where the append log stands; written with every flush, in its transaction. */
export interface LogRecord {
  /** The sequence number of the last durable batch; 0 before the first. */
  readonly lastSeq: number;
  /** How many samples were ever stored here; those that were taken out again are counted in the account. */
  readonly kept: number;
  /** Until when somebody was listening, epoch ms. */
  readonly heardUntil?: number;
}

export interface MetaRecords {
  /** Written when the database is made: without it, the browser has emptied the database. */
  marker: { readonly createdAt: number };
  clientId: string;
  protocol: 4 | 5;
  /** Counts up each time that a tab takes the lead. */
  term: number;
  log: LogRecord;
  latest: LatestRecord;
  settings: HistorySettings;
  /** The rules by which alerts are raised. */
  alertRules: RuleSets;
  /** The QoS 1 messages up to the last flush that may not be acknowledged: they may come again. */
  taken: TakenMessages;
}

export type MetaKey = keyof MetaRecords;

/** A transaction that covers `meta`, whether it may write or not. */
interface MetaReader {
  objectStore(name: 'meta'): { get(key: MetaKey): Promise<MetaRecords[MetaKey] | undefined> };
}

/** Reads one fact; `undefined` when it was never written. */
export function getMeta<K extends MetaKey>(tx: MetaReader, key: K): Promise<MetaRecords[K] | undefined> {
  return tx.objectStore('meta').get(key) as Promise<MetaRecords[K] | undefined>;
}

/** Writes one fact within a transaction. */
export function putMeta<K extends MetaKey>(
  tx: Transaction<'readwrite'>,
  key: K,
  value: MetaRecords[K],
): Promise<unknown> {
  return tx.objectStore('meta').put(value, key);
}
