import type { ConfigChange } from '../model/config/config-change.ts';
import type { DeviceKey } from '../model/device.ts';
import type { StoreName, TelltaleDatabase } from './schema.ts';
import { refuseOldTerm } from './term.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

const STORES: StoreName[] = ['meta', 'configChanges'];
/** Devices are foreign: one that changes all the time must not push everything else out of the browser. */
const KEPT_OF_EACH = 200;

/** Writes changes; one that is there already is replaced. Rejects with the transaction's error, or because `term` is over. */
export function putConfigChanges(
  db: TelltaleDatabase,
  changes: readonly ConfigChange[],
  term: number,
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    add(refuseOldTerm(tx, term));
    const store = tx.objectStore('configChanges');
    for (const change of changes) add(store.put(change));
    for (const device of new Set(changes.map((change) => change.device))) {
      const keys = await store.getAllKeys(ofDevice(device));
      for (const key of keys.slice(0, Math.max(0, keys.length - KEPT_OF_EACH))) add(store.delete(key));
    }
  });
}

/** The newest `limit` changes of one device, newest first. Rejects with the transaction's error. */
export async function readConfigChanges(
  db: TelltaleDatabase,
  device: DeviceKey,
  limit: number,
): Promise<readonly ConfigChange[]> {
  const all = await db.getAll('configChanges', ofDevice(device));
  return all.reverse().slice(0, limit);
}

/** Takes out what was made before a time, epoch ms. Rejects with the transaction's error. */
export function trimConfigChanges(db: TelltaleDatabase, before: number): Promise<void> {
  const tx = db.transaction(['configChanges'], 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    const store = tx.objectStore('configChanges');
    const keys = await store.index('at').getAllKeys(IDBKeyRange.upperBound(before, true));
    for (const key of keys) add(store.delete(key));
  });
}

function ofDevice(device: DeviceKey): IDBKeyRange {
  return IDBKeyRange.bound([device], [device, []]);
}
