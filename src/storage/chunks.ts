import { decodeTable, encodeTable } from '../model/table-codec.ts';
import { samplesIn, type Table } from '../model/table.ts';
import type { ChunkRecord } from './records.ts';
import type { Transaction } from './schema.ts';
import { sliceTable } from './slice-table.ts';
import { Texts, withTexts } from './texts.ts';

/** No chunk is longer, so that a range read need not look further back for the ones that reach into it. */
export const MAX_SPAN = 24 * 3600_000;
/** A chunk of this size takes about 10 KB and 1 ms to read; what it needs beside its samples does not count. */
const MAX_ROWS = 4096;
const MAX_CELLS = 32_768;
const MIN_ROWS = 64;
/** How many chunks are in memory at once while a device is read. */
const PAGE = 64;

/** Where to cut a table: only between two different times, or two chunks with the same begin would be one key. */
function cuts(table: Table): number[] {
  const { t, columns } = table;
  const limit = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.floor(MAX_CELLS / Math.max(1, columns.length))));
  const even = Math.ceil(t.length / Math.ceil(t.length / limit));
  const found = [0];
  for (let row = 1; row < t.length; row++) {
    const begin = found.at(-1)!;
    const full = row - begin >= even || t[row]! - t[begin]! >= MAX_SPAN;
    if (full && t[row]! > t[row - 1]!) found.push(row);
  }
  return [...found, t.length];
}

/** Cuts the samples of a device into chunks. `seq` is the first segment that they came from. */
export function chunksOf(lead: number, all: Table, allTexts: readonly string[], seq: number): ChunkRecord[] {
  const places = cuts(all);
  return places.slice(1).map((end, i) => {
    // Only the texts that a cell of this chunk points to.
    const texts = new Texts();
    const part = places.length === 2 ? all : sliceTable(all, places[i]!, end);
    const table = withTexts(part, allTexts, texts);
    return {
      lead,
      from: table.t[0]!,
      to: table.t.at(-1)!,
      seq,
      samples: samplesIn(table),
      bytes: encodeTable(table),
      ...(texts.list.length > 0 && { texts: texts.list }),
    };
  });
}

/** The samples of a chunk, of the wanted series or of all. */
export function tableOf(chunk: ChunkRecord, wanted?: ReadonlySet<number>): Table {
  return decodeTable(chunk.bytes, 0, wanted);
}

/** The keys of the chunks of a device that may hold samples in `[from, to)`. */
export function chunkRange(lead: number, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([lead, from - MAX_SPAN], [lead, to], false, true);
}

/**
 * Visits the chunks of a device that may hold samples in `[from, to)`, by their begin. `visit` answers false to refuse a
 * chunk and end the visit. Returns the begin of that chunk (all that were not visited begin there or later), or
 * Infinity when all were visited.
 */
export async function eachChunk(
  tx: Transaction,
  lead: number,
  from: number,
  to: number,
  visit: (chunk: ChunkRecord) => boolean,
): Promise<number> {
  const store = tx.objectStore('chunks');
  let range = chunkRange(lead, from, to);
  let page = await store.getAll(range, PAGE);
  for (;;) {
    const last = page.at(-1);
    const isLast = last === undefined || page.length < PAGE;
    if (last !== undefined) range = IDBKeyRange.bound([lead, last.from, last.seq], [lead, to], true, true);
    // The next page is fetched while this one is looked at.
    const next = isLast ? undefined : store.getAll(range, PAGE);
    // Whoever ends the visit early does not wait for it.
    next?.catch(() => undefined);
    for (const chunk of page) {
      if (chunk.to >= from && !visit(chunk)) return chunk.from;
    }
    if (next === undefined) return Infinity;
    page = await next;
  }
}
