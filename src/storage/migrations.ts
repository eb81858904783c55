import type { IDBPDatabase } from 'idb';
import { regroupOldChunks } from './regroup-old-chunks.ts';
import type { TelltaleDB, UpgradeTransaction } from './schema.ts';

/** Changes the database within the transaction of its upgrade; may wait for nothing but its requests. */
export type Migration = (db: IDBPDatabase<TelltaleDB>, tx: UpgradeTransaction) => void | Promise<void>;

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

/** Chunks were by series and as wide as they came; they are by device and in few bytes from here on. */
async function packChunks(db: IDBPDatabase<TelltaleDB>, tx: UpgradeTransaction): Promise<void> {
  tx.objectStore('chunks').name = 'oldChunks';
  db.createObjectStore('segments', { keyPath: 'id', autoIncrement: true }).createIndex('to', 'to');
  db.createObjectStore('chunks', { keyPath: ['lead', 'from', 'seq'] }).createIndex('to', 'to');
  db.createObjectStore('rollups', { keyPath: ['lead', 'width', 'block', 'seq'] }).createIndex('age', [
    'width',
    'to',
  ]);
  db.createObjectStore('hours', { keyPath: 'hour' });
  db.createObjectStore('events', { keyPath: 'id', autoIncrement: true }).createIndex('to', 'to');
  db.createObjectStore('account');
  await regroupOldChunks(tx);
  db.deleteObjectStore('oldChunks' as never);
}

/** Alerts were made anew by each page, and so announced again. */
function keepAlerts(db: IDBPDatabase<TelltaleDB>): void {
  db.createObjectStore('alerts', { keyPath: 'key' });
}

/** What was asked of a device is looked up by device, which events are not. */
function keepConfigChanges(db: IDBPDatabase<TelltaleDB>): void {
  db.createObjectStore('configChanges', { keyPath: ['device', 'at', 'id'] }).createIndex('at', 'at');
}

/** Append only: the number of entries is the database's version, and an entry leads from its index to the next. */
export const migrations: readonly Migration[] = [createStores, packChunks, keepAlerts, keepConfigChanges];
