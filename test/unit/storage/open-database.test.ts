import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations, type Migration } from '../../../src/storage/migrations.ts';
import { deleteDatabase, openDatabase } from '../../../src/storage/open-database.ts';
import { STORE_NAMES } from '../../../src/storage/schema.ts';

const NAME = 'telltale|home';
const never = (reason: string) => {
  throw new Error(`unexpectedly lost: ${reason}`);
};
/** What a later build might add. */
const later: readonly Migration[] = [...migrations, (db) => void db.createObjectStore('later' as never)];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => vi.restoreAllMocks());

describe('opening the database', () => {
  it('the first time makes every store, the second time finds it as it was left', async () => {
    const first = await openDatabase(NAME, never);
    expect([...first.db!.objectStoreNames].sort()).toEqual([...STORE_NAMES].sort());
    await first.db!.put('gaps', { from: 1, to: 2 });
    const second = await openDatabase(NAME, never);
    expect(second).not.toHaveProperty('notice');
    expect(await second.db!.getAll('gaps')).toEqual([{ from: 1, to: 2 }]);
  });

  it('an upgrade in another tab closes this connection and says reload', async () => {
    const lost = vi.fn();
    const old = await openDatabase(NAME, lost);
    const newer = await openDatabase(NAME, never, { migrations: later });
    expect(newer.db!.objectStoreNames.contains('later' as never)).toBe(true);
    expect(lost).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Reload this page'));
    expect(() => old.db!.transaction('meta')).toThrow();
  });

  it('a newer build has upgraded the database: this one goes on in memory and says reload', async () => {
    (await openDatabase(NAME, never, { migrations: later })).db!.close();
    expect(await openDatabase(NAME, never)).toEqual({ reason: expect.stringContaining('Reload this page') });
  });

  it('another tab blocks the upgrade: memory and a sentence, and no connection is left behind', async () => {
    await openDatabase(NAME, never).then(({ db }) => db!.close());
    const stubborn = await openDB(NAME, migrations.length);
    const { reason } = (await openDatabase(NAME, never, { migrations: later, patience: 30 })) as {
      reason: string;
    };
    expect(reason).toContain('Close the other Telltale tabs');
    stubborn.close();
    // Had the late connection stayed open, this could not end.
    await deleteDB(NAME);
  });

  it('damaged files come back as an empty database: it is made anew and that is said', async () => {
    (await openDB(NAME, migrations.length)).close();
    const { db, notice } = (await openDatabase(NAME, never)) as { db: NonNullable<unknown>; notice: string };
    expect(notice).toContain('damaged');
    expect([...(db as IDBDatabase).objectStoreNames].sort()).toEqual([...STORE_NAMES].sort());
  });

  it('one store is missing: the same', async () => {
    const broken = await openDB(NAME, migrations.length, {
      upgrade(db) {
        for (const store of STORE_NAMES.slice(1)) db.createObjectStore(store);
      },
    });
    broken.close();
    expect(await openDatabase(NAME, never)).toMatchObject({ notice: expect.stringContaining('damaged') });
  });

  it('the marker is gone: the browser had emptied it, and that is said once', async () => {
    const { db } = await openDatabase(NAME, never);
    await db!.clear('meta');
    db!.close();
    expect(await openDatabase(NAME, never)).toMatchObject({ notice: expect.stringContaining('emptied') });
    expect(await openDatabase(NAME, never)).not.toHaveProperty('notice');
  });

  it('an opening that hangs is given up', async () => {
    vi.spyOn(indexedDB, 'open').mockReturnValue(new IDBOpenDBRequest());
    expect(await openDatabase(NAME, never, { patience: 20 })).toEqual({
      reason: expect.stringContaining('in time'),
    });
  });

  it('storage is denied: private window or setting, said with the browser’s own word', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('', 'SecurityError');
    });
    expect(await openDatabase(NAME, never)).toEqual({ reason: expect.stringContaining('SecurityError') });
  });

  it('there is no IndexedDB at all', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect(await openDatabase(NAME, never)).toEqual({
      reason: expect.stringContaining('gives this page no storage'),
    });
    vi.unstubAllGlobals();
  });

  it('an upgrade that fails leaves the database as it was', async () => {
    (await openDatabase(NAME, never)).db!.close();
    const failing: Migration = () => {
      throw new Error('no');
    };
    const failed = await openDatabase(NAME, never, { migrations: [...migrations, failing] });
    expect(failed.db).toBeUndefined();
    expect((await openDatabase(NAME, never)).db).toBeDefined();
  });
});

describe('deleting the database', () => {
  it('another of our tabs lets go of it and is told', async () => {
    const lost = vi.fn();
    await openDatabase(NAME, lost);
    await deleteDatabase(NAME);
    expect(lost).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('deleted in another tab'));
    expect(await indexedDB.databases()).toEqual([]);
  });

  it('a tab that does not let go is named', async () => {
    await openDB(NAME, 1);
    await expect(deleteDatabase(NAME, 30)).rejects.toThrow(/Close the other Telltale tabs/);
  });
});
