import type { Table } from '../model/table.ts';
import { type Account, readAccount } from './account.ts';
import { eachBatch } from './batches.ts';
import { eachChunk, tableOf } from './chunks.ts';
import type { Block, Columns } from './columns.ts';
import { cachedBetween, type LogCache } from './log-cache.ts';
import { getMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { eachSegment, tableIn } from './segments.ts';
import { firstFrom } from './slice-table.ts';
import { columnsOf } from './table-columns.ts';

/** Takes the samples `[begin, end)` of `columns`, all of `series`, whose times never fall. */
export type Visit = (series: number, columns: Columns, begin: number, end: number) => void;

/** Throws when the answer is not wanted any more. */
export type StillWanted = () => void;

const STORES: StoreName[] = ['meta', 'batches', 'segments', 'chunks', 'rollups', 'hours', 'account', 'gaps'];

/** Visits the samples of a block that are in `[from, to)` and of a series that is asked for. */
export function visitBlock(
  block: Block,
  wanted: ReadonlySet<number>,
  from: number,
  to: number,
  visit: Visit,
): void {
  if (block.to < from || block.from >= to) return;
  const { t, series } = block;
  for (let i = 0; i < t.length;) {
    const begin = i++;
    if (t[begin]! < from || t[begin]! >= to || !wanted.has(series[begin]!)) continue;
    // A visit for each sample would cost more than what it does.
    while (i < t.length && series[i] === series[begin] && t[i]! >= t[i - 1]! && t[i]! < to) i++;
    visit(series[begin]!, block, begin, i);
  }
}

/** Visits the samples of a table that are in `[from, to)` and of a series that is asked for, or of any. */
export function visitTable(
  table: Table,
  texts: readonly string[],
  wanted: ReadonlySet<number> | undefined,
  from: number,
  to: number,
  visit: Visit,
): void {
  for (const column of table.columns) {
    if (wanted?.has(column.series) === false) continue;
    const columns = columnsOf(table, column, texts);
    const begin = firstFrom(columns.t, from);
    const end = firstFrom(columns.t, to);
    if (begin < end) visit(column.series, columns, begin, end);
  }
}

/** One consistent view of what is stored. `lastSeq` says which flushes are in it. */
export interface Reading {
  readonly tx: Transaction;
  readonly lastSeq: number;
  /** The oldest batch in the log, Infinity when it is empty. */
  readonly firstSeq: number;
  readonly account: Account;
}

/** Opens a view: what is written after this call is not in it. Must be used without waiting for anything else. */
export async function openReading(db: TelltaleDatabase): Promise<Reading> {
  const tx = db.transaction(STORES, 'readonly');
  const [log, [firstSeq], account] = await Promise.all([
    getMeta(tx, 'log'),
    tx.objectStore('batches').getAllKeys(null, 1),
    readAccount(tx),
  ]);
  return { tx, lastSeq: log?.lastSeq ?? 0, firstSeq: firstSeq ?? Infinity, account };
}

/** Visits the samples in `[from, to)` of some series of one device that are in chunks, in order of the chunks' begin. */
export async function readChunks(
  reading: Reading,
  lead: number,
  wanted: ReadonlySet<number>,
  from: number,
  to: number,
  visit: Visit,
  stillWanted: StillWanted,
): Promise<void> {
  await eachChunk(reading.tx, lead, from, to, (chunk) => {
    stillWanted();
    visitTable(tableOf(chunk, wanted), chunk.texts ?? [], wanted, from, to, visit);
    return true;
  });
}

/** Visits the samples in `[from, to)` that are not in chunks yet, in the order in which they came. */
export async function readRecent(
  reading: Reading,
  cache: LogCache,
  leads: ReadonlySet<number>,
  wanted: ReadonlySet<number>,
  from: number,
  to: number,
  visit: Visit,
  stillWanted: StillWanted,
): Promise<void> {
  await eachSegment(reading.tx, from, to, (segment) => {
    stillWanted();
    for (const lead of leads) {
      const table = tableIn(segment, lead, wanted);
      if (table !== undefined) visitTable(table, segment.texts, wanted, from, to, visit);
    }
  });
  await readLog(reading, cache, from, to, (block) => {
    stillWanted();
    visitBlock(block, wanted, from, to, visit);
  });
}

/**
 * Visits the blocks of the log that may hold samples in `[from, to)`, in the order in which they were written: those that
 * are in memory where all are, else the stored ones.
 */
export async function readLog(
  { tx, firstSeq, lastSeq }: Reading,
  cache: LogCache,
  from: number,
  to: number,
  visit: (block: Block) => void,
): Promise<void> {
  const batches = cachedBetween(cache, firstSeq, lastSeq);
  if (batches === undefined) await eachBatch(tx, from, to, visit);
  else for (const batch of batches) if (batch.from < to && batch.to >= from) visit(batch);
}
