import { HOUR, MINUTE, TEN_MINUTES } from '../model/rollup.ts';
import { type Account, putAccount, readAccount, RECORD_BYTES } from './account.ts';
import type { Floors } from './records.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

/** What may be kept. Times in epoch ms. */
export interface Limits {
  /** Samples before this are too old. */
  readonly samplesFrom: number;
  /** Everything before this is too old. */
  readonly allFrom: number;
  readonly bytes: number;
}

/** What one step may take out: a few milliseconds of work, so that a flush never waits long. */
const STEP = 64;
const STORES: StoreName[] = ['chunks', 'rollups', 'events', 'gaps', 'account'];
/** Where a block of rollups is cut is the end of an hour too, so that no hour is half there. */
const hourFrom = (t: number) => Math.floor(t / HOUR) * HOUR;
const hourAfter = (t: number) => (Math.floor(t / HOUR) + 1) * HOUR;

/**
 * Takes out a bounded part of what is too old or too much: first samples, then minutes, then hours, each the oldest first.
 * Answers with how many samples have been taken out since ever, and whether there is more to do. Rejects with the
 * transaction's error.
 */
export function trimStep(
  db: TelltaleDatabase,
  limits: Limits,
): Promise<{ readonly dropped: number; readonly more: boolean }> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    const account = await readAccount(tx);
    account.floors = {
      samples: Math.max(account.floors.samples, hourFrom(limits.samplesFrom)),
      minutes: Math.max(account.floors.minutes, hourFrom(limits.allFrom)),
      hours: Math.max(account.floors.hours, hourFrom(limits.allFrom)),
    };
    const taken =
      (await dropChunks(tx, account, limits.bytes)) +
      (await dropRollups(tx, account, MINUTE, 'minutes', limits.bytes)) +
      (await dropRollups(tx, account, TEN_MINUTES, 'minutes', limits.bytes)) +
      (await dropRollups(tx, account, HOUR, 'hours', limits.bytes)) +
      (await dropRest(tx, 'events', limits.allFrom)) +
      (await dropRest(tx, 'gaps', limits.allFrom));
    add(putAccount(tx, account));
    return { dropped: account.dropped, more: taken > 0 };
  });
}

function raise(account: Account, name: keyof Floors, to: number): void {
  account.floors = { ...account.floors, [name]: Math.max(account.floors[name], hourAfter(to)) };
}

/** The oldest chunks go while there are too many bytes; what begins an hour before the last of them goes with them. */
async function dropChunks(tx: Transaction<'readwrite'>, account: Account, bytes: number): Promise<number> {
  const store = tx.objectStore('chunks');
  let taken = 0;
  for (const chunk of await store.index('to').getAll(null, STEP)) {
    if (chunk.to >= account.floors.samples) {
      if (account.bytes <= bytes) break;
      raise(account, 'samples', chunk.to);
    }
    const device = account.device(chunk.lead);
    device.chunkBytes -= chunk.bytes.length + RECORD_BYTES;
    device.samples -= chunk.samples;
    account.dropped += chunk.samples;
    await store.delete([chunk.lead, chunk.from, chunk.seq]);
    taken++;
  }
  return taken;
}

async function dropRollups(
  tx: Transaction<'readwrite'>,
  account: Account,
  width: number,
  floor: 'minutes' | 'hours',
  bytes: number,
): Promise<number> {
  const store = tx.objectStore('rollups');
  const oldest = IDBKeyRange.bound([width], [width, Infinity]);
  // Detail goes first: as long as there are chunks (or minutes), too many bytes are not the fault of these.
  const finer = await (floor === 'minutes'
    ? tx.objectStore('chunks').getAllKeys(null, 1)
    : store.index('age').getAllKeys(IDBKeyRange.bound([MINUTE], [TEN_MINUTES, Infinity]), 1));
  let taken = 0;
  for (const record of await store.index('age').getAll(oldest, STEP)) {
    if (record.to > account.floors[floor]) {
      if (finer.length > 0 || account.bytes <= bytes) break;
      raise(account, floor, record.to - 1);
    }
    account.device(record.lead).rollupBytes -= record.bytes.length + RECORD_BYTES;
    await store.delete([record.lead, record.width, record.block, record.seq]);
    taken++;
  }
  return taken;
}

async function dropRest(
  tx: Transaction<'readwrite'>,
  name: 'events' | 'gaps',
  before: number,
): Promise<number> {
  const store = tx.objectStore(name);
  const keys = await store.index('to').getAllKeys(IDBKeyRange.upperBound(before, true), STEP);
  for (const key of keys) await store.delete(key);
  return keys.length;
}
