import { unwrap } from 'idb';
import { BLOCK_BUCKETS, foldRollups, MINUTE, rollUp, WIDTHS, type Rollup } from '../model/rollup.ts';
import type { Table } from '../model/table.ts';
import { putAccount, readAccount, RECORD_BYTES, type DeviceAccount } from './account.ts';
import { chunksOf } from './chunks.ts';
import { pauses } from './pauses.ts';
import { FOLD, foldRecords, rollupRange, rollupRecords } from './rollups.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { tableIn } from './segments.ts';
import type { ChunkRecord, RollupRecord, SegmentRecord } from './records.ts';
import { TableDraft } from './table-draft.ts';
import { Texts, withTexts } from './texts.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

/** When so much waits in segments it is regrouped: about a day of a small fleet, minutes of a large and fast one. */
export const REGROUP_SEGMENTS = 144;
export const REGROUP_SAMPLES = 3_000_000;
const STORES: StoreName[] = ['segments', 'chunks', 'rollups', 'account'];

/** What a run of segments becomes, for one device. */
interface Regrouped {
  readonly lead: number;
  readonly chunks: readonly ChunkRecord[];
  readonly rollups: readonly RollupRecord[];
}

/**
 * Makes chunks and rollups by device out of the oldest segments. The work is done in short turns outside of any
 * transaction, since segments never change; one transaction then puts the outcome in their place, so a reader sees
 * every sample either here or there, and a crash leaves it as it was. Only one may be under way. Rejects with the
 * transaction's error.
 */
export async function regroupSegments(db: TelltaleDatabase): Promise<void> {
  const segments = await oldest(db);
  const first = segments[0];
  if (first === undefined) return;
  const leads = new Set(segments.flatMap((segment) => [...segment.leads]));
  const pause = pauses();
  const draft = new TableDraft();
  const all: Regrouped[] = [];
  for (const lead of leads) {
    draft.clear();
    all.push(regroup(draft, lead, segments, first.id));
    await pause();
  }
  await replace(db, segments, all);
}

async function oldest(db: TelltaleDatabase): Promise<SegmentRecord[]> {
  const found: SegmentRecord[] = [];
  let samples = 0;
  for (const segment of await db.getAll('segments', null, REGROUP_SEGMENTS)) {
    if (samples >= REGROUP_SAMPLES) break;
    samples += segment.samples;
    found.push(segment);
  }
  return found;
}

function regroup(
  draft: TableDraft,
  lead: number,
  segments: readonly SegmentRecord[],
  seq: number,
): Regrouped {
  const texts = new Texts();
  for (const segment of segments) {
    const table = tableIn(segment, lead);
    if (table !== undefined) draft.addTable(withTexts(table, segment.texts, texts));
  }
  const table = draft.table();
  return { lead, chunks: chunksOf(lead, table, texts.list, seq), rollups: rollupsOf(lead, table, seq) };
}

function rollupsOf(lead: number, { t, columns }: Table, seq: number): RollupRecord[] {
  const minutes = new Map<number, Rollup>();
  for (const column of columns) {
    const rollup = rollUp(t, column, MINUTE);
    // Texts cannot be summed up.
    if (rollup.bucket.length > 0) minutes.set(column.series, rollup);
  }
  return WIDTHS.flatMap((width) => {
    const coarser = (rollup: Rollup) => (width === MINUTE ? rollup : foldRollups([rollup], width / MINUTE));
    const all = new Map([...minutes].map(([series, rollup]) => [series, coarser(rollup)]));
    return rollupRecords(lead, width, all, seq);
  });
}

function replace(
  db: TelltaleDatabase,
  segments: readonly SegmentRecord[],
  all: readonly Regrouped[],
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async (add) => {
    const account = await readAccount(tx);
    const range = IDBKeyRange.bound(segments[0]!.id, segments.at(-1)!.id);
    // Another writer may have done the same in the meantime (a lead that was lost): then all is in its place.
    const still = await tx.objectStore('segments').count(range);
    if (still !== segments.length) return;
    account.runs++;
    // There are thousands of either, and a promise for each costs more than the request: what fails here aborts the
    // transaction, which says so.
    const chunkStore = unwrap(tx.objectStore('chunks'));
    const rollupStore = unwrap(tx.objectStore('rollups'));
    for (const one of all) {
      const device = account.device(one.lead);
      for (const chunk of one.chunks) {
        chunkStore.put(chunk);
        device.chunkBytes += chunk.bytes.length + RECORD_BYTES;
        device.samples += chunk.samples;
      }
    }
    const rollups = all.flatMap((one) => one.rollups);
    if (account.runs % FOLD === 0) {
      await Promise.all(rollups.map((record) => foldRollup(tx, record, account.device(record.lead))));
    } else {
      for (const record of rollups) {
        rollupStore.put(record);
        account.device(record.lead).rollupBytes += record.bytes.length + RECORD_BYTES;
      }
    }
    add(tx.objectStore('segments').delete(range));
    account.segments = {
      count: account.segments.count - segments.length,
      samples: account.segments.samples - segments.reduce((sum, { samples }) => sum + samples, 0),
      bytes:
        account.segments.bytes - segments.reduce((sum, { bytes }) => sum + bytes.length + RECORD_BYTES, 0),
    };
    add(putAccount(tx, account));
  });
}

/** Adds one part of a block and makes one of all there are. */
async function foldRollup(
  tx: Transaction<'readwrite'>,
  record: RollupRecord,
  device: DeviceAccount,
): Promise<void> {
  const store = tx.objectStore('rollups');
  const { lead, width, block } = record;
  const range = rollupRange(lead, width, block * width * BLOCK_BUCKETS, (block + 1) * width * BLOCK_BUCKETS);
  const before = await store.getAll(range);
  const whole = before.length === 0 ? record : foldRecords([...before, record]);
  for (const part of before) device.rollupBytes -= part.bytes.length + RECORD_BYTES;
  device.rollupBytes += whole.bytes.length + RECORD_BYTES;
  // Both wait for the same transaction; the order of the requests is that of their effects.
  await Promise.all([store.delete(range), store.put(whole)]);
}
