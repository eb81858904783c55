import { putAccount, readAccount, RECORD_BYTES } from './account.ts';
import { batchOf, type BatchRecord } from './batches.ts';
import { cachedBetween, type LogCache } from './log-cache.ts';
import { addToHours, hoursOf } from './hours.ts';
import { getMeta } from './meta.ts';
import { pauses } from './pauses.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { SegmentDraft, type LeadOf } from './segments.ts';
import type { SegmentRecord } from './records.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

/** One merge is at most this much work: this many records to read, and this many samples in memory. */
export const MERGE_BATCHES = 600;
export const MERGE_SAMPLES = 200_000;
const PAGE = 64;
const STORES: StoreName[] = ['meta', 'batches', 'segments', 'hours', 'account'];

/** What a merge did. */
export interface Merged {
  /** How many batches and samples it took out of the log, and the last of the batches. */
  readonly batches: number;
  readonly samples: number;
  readonly lastSeq: number;
  /** What waits in segments after it. */
  readonly waiting: { readonly count: number; readonly samples: number };
}

/**
 * Takes the oldest batches out of the log and writes their samples as one segment. The work is done in short turns outside
 * of any transaction, since batches never change; one transaction then puts the outcome in their place, so a reader sees
 * every sample either here or there, and a crash leaves it as it was. Only one may be under way. Rejects with the
 * transaction's error.
 */
export async function mergeBatches(db: TelltaleDatabase, leadOf: LeadOf, cache: LogCache): Promise<Merged> {
  const batches = await oldest(db.transaction(['meta', 'batches'], 'readonly'), cache);
  const first = batches[0];
  const last = batches.at(-1);
  if (first === undefined || last === undefined) {
    const account = await readAccount(db.transaction('account', 'readonly'));
    return { batches: 0, samples: 0, lastSeq: 0, waiting: account.segments };
  }
  const pause = pauses();
  const draft = new SegmentDraft(leadOf);
  for (const batch of batches) {
    draft.add(batch, batch.series);
    await pause();
  }
  const { record, tables } = await draft.finish(pause);
  const hours = await hoursOf(tables.values(), pause);

  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    const account = await readAccount(tx);
    const range = IDBKeyRange.bound(first.seq, last.seq);
    // Another writer may have done the same in the meantime (a lead that was lost): then all is in its place.
    const still = await tx.objectStore('batches').count(range);
    if (still !== batches.length) return { batches: 0, samples: 0, lastSeq: 0, waiting: account.segments };
    // The key is made by the store.
    add(tx.objectStore('segments').add(record as SegmentRecord));
    add(tx.objectStore('batches').delete(range));
    account.segments.count++;
    account.segments.samples += record.samples;
    account.segments.bytes += record.bytes.length + RECORD_BYTES;
    add(putAccount(tx, account));
    await addToHours(tx, hours);
    return { batches: batches.length, samples: record.samples, lastSeq: last.seq, waiting: account.segments };
  });
}

async function oldest(tx: Transaction, cache: LogCache): Promise<readonly BatchRecord[]> {
  const store = tx.objectStore('batches');
  // What the snapshot of last values does not know yet is replayed from the log on opening, so it stays in the log.
  const known = (await getMeta(tx, 'latest'))?.seq ?? 0;
  const first = (await store.getAllKeys(null, 1))[0] ?? Infinity;
  const cached = cachedBetween(cache, first, known);
  if (cached !== undefined) return bounded(cached);
  const batches: BatchRecord[] = [];
  let after = 0;
  while (bounded(batches).length === batches.length && after < known) {
    const page = await store.getAll(IDBKeyRange.bound(after, known, true), PAGE);
    batches.push(...page.map(batchOf));
    after = page.at(-1)?.seq ?? known;
  }
  return bounded(batches);
}

/** As many of the oldest as one merge takes. */
function bounded(batches: readonly BatchRecord[]): readonly BatchRecord[] {
  let samples = 0;
  const end = batches.findIndex((batch, i) => {
    if (i >= MERGE_BATCHES || samples >= MERGE_SAMPLES) return true;
    samples += batch.t.length;
    return false;
  });
  return end < 0 ? batches : batches.slice(0, end);
}
