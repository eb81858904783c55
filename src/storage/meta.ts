import type { MetaKey, MetaRecords } from './records.ts';
import type { Transaction } from './schema.ts';

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
