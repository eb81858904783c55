import { decodeTable, encodeTable } from '../model/table-codec.ts';
import { samplesIn, Kind, type Table } from '../model/table.ts';
import { deviceTimeAt, isLateAt, KIND_MASK, type Columns } from './columns.ts';
import type { Transaction } from './schema.ts';
import { TableDraft, type ColumnDraft } from './table-draft.ts';
import { Texts } from './texts.ts';

/**
 * A stretch of the log, regrouped by device: one record for all of them, so that it costs one write whatever their
 * number. It waits to be made into chunks together with others.
 */
export interface SegmentRecord {
  /** From 1, in the order in which they were written. */
  readonly id: number;
  /** Smallest and largest receive time. */
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  /** Which devices are in it (see `leadOf` in series.ts), and where the table of each begins. */
  readonly leads: Uint32Array;
  readonly begins: Uint32Array;
  readonly bytes: Uint8Array;
  readonly texts: readonly string[];
}

export type LeadOf = (series: number) => number;

/** How many segments are in memory at once while they are read. */
const PAGE = 16;

/** Collects samples of many devices on their way into a segment. */
export class SegmentDraft {
  samples = 0;
  readonly tables = new Map<number, TableDraft>();
  readonly #texts = new Texts();
  readonly #leadOf: LeadOf;
  /** By series id: they are small and without holes. */
  readonly #bySeries: { readonly table: TableDraft; readonly column: ColumnDraft }[] = [];
  #from = Infinity;
  #to = -Infinity;

  constructor(leadOf: LeadOf) {
    this.#leadOf = leadOf;
  }

  /** Adds samples in the order in which they came; `series` names that of each, or of all. */
  add(columns: Columns, series: Uint32Array | number): void {
    for (let i = 0; i < columns.t.length; i++) {
      const one = typeof series === 'number' ? series : series[i]!;
      const kind = columns.flags[i]! & KIND_MASK;
      const number = columns.number[i]!;
      const t = columns.t[i]!;
      if (t < this.#from) this.#from = t;
      if (t > this.#to) this.#to = t;
      const cell = kind === Kind.text ? this.#texts.at(columns.texts[number]!) : number;
      const { table, column } = this.#place(one);
      table.push(column, t, deviceTimeAt(columns, i), isLateAt(columns, i), kind, cell);
    }
    this.samples += columns.t.length;
  }

  /** What was added: the record, and the tables in it by device. `pause` comes between the steps. */
  async finish(
    pause: () => Promise<void> | undefined,
  ): Promise<{ readonly record: Omit<SegmentRecord, 'id'>; readonly tables: ReadonlyMap<number, Table> }> {
    const tables = new Map<number, Table>();
    const parts: Uint8Array[] = [];
    for (const [lead, draft] of this.tables) {
      const table = draft.table();
      tables.set(lead, table);
      parts.push(encodeTable(table));
      await pause();
    }
    const begins = new Uint32Array(parts.length);
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const [i, part] of parts.entries()) {
      bytes.set(part, at);
      begins[i] = at;
      at += part.length;
    }
    const { samples } = this;
    const leads = Uint32Array.from(tables.keys());
    const texts = this.#texts.list;
    return { record: { from: this.#from, to: this.#to, samples, leads, begins, bytes, texts }, tables };
  }

  #place(series: number): { readonly table: TableDraft; readonly column: ColumnDraft } {
    let place = this.#bySeries[series];
    if (place !== undefined) return place;
    const lead = this.#leadOf(series);
    const table = this.tables.get(lead) ?? new TableDraft();
    this.tables.set(lead, table);
    place = { table, column: table.column(series) };
    this.#bySeries[series] = place;
    return place;
  }
}

/** The table of a device in a segment, with the wanted series or all; `undefined` when there is nothing of it. */
export function tableIn(
  segment: SegmentRecord,
  lead: number,
  wanted?: ReadonlySet<number>,
): Table | undefined {
  const i = segment.leads.indexOf(lead);
  if (i < 0) return undefined;
  const table = decodeTable(segment.bytes, segment.begins[i], wanted);
  return samplesIn(table) === 0 ? undefined : table;
}

/** Visits the segments that may hold samples in `[from, to)`, in the order in which they were written. */
export async function eachSegment(
  tx: Transaction,
  from: number,
  to: number,
  visit: (segment: SegmentRecord) => void,
): Promise<void> {
  const store = tx.objectStore('segments');
  const keys = await store.index('to').getAllKeys(IDBKeyRange.lowerBound(from));
  keys.sort((a, b) => a - b);
  for (let i = 0; i < keys.length; i += PAGE) {
    const last = keys[Math.min(i + PAGE, keys.length) - 1]!;
    for (const segment of await store.getAll(IDBKeyRange.bound(keys[i]!, last))) {
      if (segment.from < to && segment.to >= from) visit(segment);
    }
  }
}
