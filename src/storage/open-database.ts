import { deleteDB, openDB } from 'idb';
import { errorName } from './error-name.ts';
import { migrations as allMigrations, type Migration } from './migrations.ts';
import type { UpgradeTransaction } from './schema.ts';
import { STORE_NAMES, type TelltaleDatabase, type TelltaleDB } from './schema.ts';

/** An open database, or one sentence why there is none. */
export type Opened =
  | {
      readonly db: TelltaleDatabase;
      /** What had to be done to open it, in one sentence, where something of the history was lost. */
      readonly notice?: string;
    }
  | { readonly db?: undefined; readonly reason: string };

/** Opens the database `name`. `lost` is called once, with one sentence, if it closes by somebody else's doing. */
export type OpenDatabase = (name: string, lost: (reason: string) => void) => Promise<Opened>;

export interface OpenOptions {
  /** How long an opening may take, in ms, before the page goes on without it. */
  readonly patience?: number;
  readonly migrations?: readonly Migration[];
}

/** An upgrade may take so many times the patience of an opening. */
const UPGRADE_PATIENCE = 20;
const KEPT_HERE = 'The history is kept only until this tab closes';
const DAMAGED = 'The history in this browser was damaged; it has been started afresh.';
const EMPTIED = 'The browser had emptied the stored history; it has been started afresh.';

class Blocked extends Error {}

function reasonOf(error: unknown): string {
  const name = errorName(error);
  if (name === 'VersionError') {
    return `A newer Telltale has upgraded the stored history. Reload this page; if it says so again, its host has gone back to an older version. ${KEPT_HERE}.`;
  }
  if (error instanceof Blocked) {
    return `Another tab holds an older version of the stored history open. Close the other Telltale tabs and reload. ${KEPT_HERE}.`;
  }
  if (name === 'TimeoutError') {
    return `The browser did not open its storage in time. Reload this page to try again. ${KEPT_HERE}.`;
  }
  if (name === 'QuotaExceededError') {
    return `The browser's storage is full. Free some space on this device and reload. ${KEPT_HERE}.`;
  }
  return `The browser gives this page no storage (${name}); a private window or a site setting can be the cause. ${KEPT_HERE}.`;
}

async function upgradeFrom(
  steps: readonly Migration[],
  db: TelltaleDatabase,
  tx: UpgradeTransaction,
): Promise<void> {
  try {
    for (const migrate of steps) await migrate(db, tx);
  } catch {
    try {
      tx.abort();
    } catch {
      // It has aborted already.
    }
  }
}

/** Opens once; rejects after `patience`, and closes what comes later than that. */
function attempt(
  name: string,
  migrations: readonly Migration[],
  patience: number,
  lost: (reason: string) => void,
): Promise<TelltaleDatabase> {
  return new Promise((resolve, reject) => {
    let blocked = false;
    let late = false;
    const giveUp = () => {
      late = true;
      reject(blocked ? new Blocked() : new DOMException('', 'TimeoutError'));
    };
    let timer = setTimeout(giveUp, patience);
    openDB<TelltaleDB>(name, migrations.length, {
      upgrade(db, from, _to, tx) {
        // It works; how long that takes depends on how much there is.
        clearTimeout(timer);
        timer = setTimeout(giveUp, patience * UPGRADE_PATIENCE);
        // An upgrade that fails makes the opening fail; that is where it is handled.
        tx.done.catch(() => undefined);
        return upgradeFrom(migrations.slice(from), db, tx);
      },
      blocked() {
        blocked = true;
      },
      blocking(_current, next, event) {
        // An upgrade or a deletion in another tab waits until every connection is closed.
        (event.target as IDBDatabase).close();
        lost(
          next === null
            ? `The stored history was deleted in another tab. ${KEPT_HERE}.`
            : `A newer Telltale is open in another tab. Reload this page to use it. ${KEPT_HERE}.`,
        );
      },
      terminated() {
        lost(`The browser closed this page's storage. Reload to open it again. ${KEPT_HERE}.`);
      },
    }).then(
      (db) => {
        clearTimeout(timer);
        if (late) db.close();
        else resolve(db);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function isWhole(db: TelltaleDatabase): boolean {
  return STORE_NAMES.every((store) => db.objectStoreNames.contains(store));
}

/**
 * Opens a home's database, upgrading it where needed. Never rejects: what stands in the way (denied, full, hung,
 * blocked by an older tab, upgraded by a newer one) comes back as a sentence, and the caller goes on in memory.
 * Chromium answers damaged files with an empty database of the right version and no upgrade: that is made anew.
 */
export async function openDatabase(
  name: string,
  lost: (reason: string) => void,
  { patience = 3000, migrations = allMigrations }: OpenOptions = {},
): Promise<Opened> {
  if (typeof indexedDB === 'undefined') return { reason: reasonOf('no IndexedDB') };
  try {
    const db = await attempt(name, migrations, patience, lost);
    if (!isWhole(db)) {
      db.close();
      await deleteDatabase(name, patience);
      return { db: await attempt(name, migrations, patience, lost), notice: DAMAGED };
    }
    if ((await db.get('meta', 'marker')) === undefined) {
      await db.put('meta', { createdAt: Date.now() }, 'marker');
      return { db, notice: EMPTIED };
    }
    return { db };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Deletes a database. Rejects with one sentence when it cannot, or another tab holds on to it for over `patience` ms. */
export async function deleteDatabase(name: string, patience = 3000): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const held = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Blocked()), patience);
  });
  try {
    await Promise.race([deleteDB(name), held]);
  } catch (error) {
    const message =
      error instanceof Blocked
        ? 'Another tab holds the history open. Close the other Telltale tabs and try again.'
        : `The browser could not delete the history (${errorName(error)}). Reload this page and try again.`;
    throw new Error(message, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
