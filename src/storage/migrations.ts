import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type { StoreName, TelltaleDB } from './schema.ts';

export type Migration = (
  db: IDBPDatabase<TelltaleDB>,
  tx: IDBPTransaction<TelltaleDB, StoreName[], 'versionchange'>,
) => void;

function createStores(db: IDBPDatabase<TelltaleDB>): void {
  const meta = db.createObjectStore('meta');
  // A failure makes the opening fail; that is where it is handled.
  meta.put({ createdAt: Date.now() }, 'marker').catch(() => undefined);
  db.createObjectStore('series', { keyPath: 'id' });
  db.createObjectStore('devices', { keyPath: 'key' });
  db.createObjectStore('batches', { keyPath: 'seq' }).createIndex('to', 'to');
  db.createObjectStore('chunks', { keyPath: ['series', 'from', 'seq'] });
  db.createObjectStore('gaps', { keyPath: ['from', 'to'] }).createIndex('to', 'to');
  const commands = db.createObjectStore('commands', { keyPath: 'id' });
  commands.createIndex('createdAt', 'createdAt');
  commands.createIndex('outcome', 'outcome');
}

/** Append only: the number of entries is the database's version, and an entry leads from its index to the next. */
export const migrations: readonly Migration[] = [createStores];
