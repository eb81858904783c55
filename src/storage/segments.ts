import { decodeTable, encodeTable } from '../model/table-codec.ts';
import { samplesIn, Kind, type Table } from '../model/table.ts';
import { deviceTimeAt, KIND_MASK, type Columns } from './columns.ts';
import { endToEnd } from './end-to-end.ts';
import { extremes } from './extremes.ts';
import type { SegmentRecord } from './records.ts';
import type { Transaction } from './schema.ts';
import { TableDraft, type Sorted } from './table-draft.ts';
import { Texts } from './texts.ts';

export type LeadOf = (series: number) => number;

/** How many segments are in memory at once while they are read. */
const PAGE = 16;

/** Samples in the order in which they came; `series` names that of each, or of all. */
interface Part {
  readonly columns: Columns;
  readonly series: Uint32Array | number;
}

/** The samples of one device, on their way into a segment. */
interface Share {
  readonly lead: number;
  samples: number;
  /** Where the next one goes. */
  at: number;
}

/** Collects samples of many devices on their way into a segment. */
export class SegmentDraft {
  samples = 0;
  readonly #leadOf: LeadOf;
  readonly #parts: Part[] = [];
  readonly #shares = new Map<number, Share>();
  /** By series id: they are small and without holes. */
  readonly #bySeries: Share[] = [];
  #from = Infinity;
  #to = -Infinity;

  constructor(leadOf: LeadOf) {
    this.#leadOf = leadOf;
  }

  /** Adds samples in the order in which they came; `series` names that of each, or of all. They must not change any more. */
  add(columns: Columns, series: Uint32Array | number): void {
    const { length } = columns.t;
    const { min, max } = extremes(columns.t);
    this.#from = Math.min(this.#from, min);
    this.#to = Math.max(this.#to, max);
    if (typeof series === 'number') this.#share(series).samples += length;
    else this.#count(series);
    this.#parts.push({ columns, series });
    this.samples += length;
  }

  /** What was added: the record, and the tables in it by device. `pause` comes between the steps. */
  async finish(
    pause: () => Promise<void> | undefined,
  ): Promise<{ readonly record: Omit<SegmentRecord, 'id'>; readonly tables: ReadonlyMap<number, Table> }> {
    const texts = new Texts();
    const sorted = await this.#byDevice(texts, pause);
    const draft = new TableDraft();
    const tables = new Map<number, Table>();
    const parts: Uint8Array[] = [];
    for (const { lead, samples, at } of this.#shares.values()) {
      draft.clear();
      draft.addSamples(sorted, at - samples, at);
      const table = draft.table();
      tables.set(lead, table);
      parts.push(encodeTable(table));
      await pause();
    }
    const { bytes, begins } = endToEnd(parts);
    const { samples } = this;
    const leads = Uint32Array.from(tables.keys());
    return {
      record: { from: this.#from, to: this.#to, samples, leads, begins, bytes, texts: texts.list },
      tables,
    };
  }

  /** All samples, those of one device behind one another and in the order in which they came: a counting sort. */
  async #byDevice(texts: Texts, pause: () => Promise<void> | undefined): Promise<Sorted> {
    let begin = 0;
    for (const share of this.#shares.values()) {
      share.at = begin;
      begin += share.samples;
    }
    const sorted: Sorted = {
      series: new Uint32Array(begin),
      t: new Float64Array(begin),
      ts: new Float64Array(begin),
      number: new Float64Array(begin),
      flags: new Uint8Array(begin),
    };
    for (const part of this.#parts) {
      this.#spread(part, sorted, texts);
      await pause();
    }
    return sorted;
  }

  /** Puts each sample of a part in its place. */
  #spread({ columns, series }: Part, sorted: Sorted, texts: Texts): void {
    const { t, number, flags } = columns;
    const bySeries = this.#bySeries;
    for (let i = 0; i < t.length; i++) {
      const one = typeof series === 'number' ? series : series[i]!;
      const at = bySeries[one]!.at++;
      const isText = (flags[i]! & KIND_MASK) === Kind.text;
      sorted.series[at] = one;
      sorted.t[at] = t[i]!;
      sorted.ts[at] = deviceTimeAt(columns, i);
      sorted.number[at] = isText ? texts.at(columns.texts[number[i]!]!) : number[i]!;
      sorted.flags[at] = flags[i]!;
    }
  }

  #count(series: Uint32Array): void {
    for (let i = 0; i < series.length; i++) this.#share(series[i]!).samples++;
  }

  #share(series: number): Share {
    let share = this.#bySeries[series];
    if (share !== undefined) return share;
    const lead = this.#leadOf(series);
    share = this.#shares.get(lead) ?? { lead, samples: 0, at: 0 };
    this.#shares.set(lead, share);
    this.#bySeries[series] = share;
    return share;
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
