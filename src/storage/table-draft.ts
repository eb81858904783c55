import type { Column, Table } from '../model/table.ts';
import { grown } from './grown.ts';

/** Room to begin with: a merge has about this many messages of each device. */
const ROWS = 128;

/** One channel of a table that is being made. */
class ColumnDraft {
  length = 0;
  rows = new Float64Array(ROWS);
  kinds = new Uint8Array(ROWS);
  number = new Float64Array(ROWS);

  constructor(readonly series: number) {}

  /** The row of the newest cell. */
  get lastRow(): number {
    return this.length === 0 ? -1 : this.rows[this.length - 1]!;
  }

  push(row: number, kind: number, number: number): void {
    const i = this.length++;
    if (i === this.rows.length) {
      this.rows = grown(this.rows, i * 2);
      this.kinds = grown(this.kinds, i * 2);
      this.number = grown(this.number, i * 2);
    }
    this.rows[i] = row;
    this.kinds[i] = kind;
    this.number[i] = number;
  }

  /** `position` says where each row went, when they have been put in order. */
  column(tableRows: number, position: Uint32Array | undefined): Column {
    const n = this.length;
    let rows = this.rows.slice(0, n);
    let kinds = this.kinds.slice(0, n);
    let number = this.number.slice(0, n);
    if (position !== undefined) {
      const moved = rows.map((row) => position[row]!);
      const order = Uint32Array.from(moved.keys()).sort((a, b) => moved[a]! - moved[b]!);
      rows = Float64Array.from(order, (i) => moved[i]!);
      kinds = Uint8Array.from(order, (i) => kinds[i]!);
      number = Float64Array.from(order, (i) => number[i]!);
    }
    return { series: this.series, ...(n < tableRows && { rows }), kinds: oneKind(kinds), number };
  }
}

/** The one kind where there is only one. */
export function oneKind(kinds: Uint8Array): Uint8Array | number {
  const first = kinds[0] ?? 0;
  return kinds.every((kind) => kind === first) ? first : kinds;
}

/** Makes the table of one device out of samples in the order in which they came. */
export class TableDraft {
  #rows = 0;
  #t = new Float64Array(ROWS);
  #ts = new Float64Array(ROWS);
  #late = new Uint8Array(ROWS);
  readonly #columns = new Map<number, ColumnDraft>();

  /** Adds a sample. What has the same times and a different channel belongs to the same message. `ts` may be NaN. */
  push(series: number, t: number, ts: number, late: boolean, kind: number, number: number): void {
    const column = this.#column(series);
    const last = this.#rows - 1;
    const isSameMessage =
      last >= 0 &&
      column.lastRow !== last &&
      this.#t[last] === t &&
      Object.is(this.#ts[last], ts) &&
      this.#late[last] === (late ? 1 : 0);
    column.push(isSameMessage ? last : this.#addRow(t, ts, late ? 1 : 0), kind, number);
  }

  /** Adds a table whose samples came after what is there. `textAt` gives the index that a text has here. */
  addTable({ t, ts, late, columns }: Table, textAt: (index: number) => number, textKind: number): void {
    const base = this.#rows;
    for (let row = 0; row < t.length; row++) this.#addRow(t[row]!, ts?.[row] ?? NaN, late?.[row] ?? 0);
    for (const { series, rows, kinds, number } of columns) {
      const column = this.#column(series);
      for (let i = 0; i < number.length; i++) {
        const kind = typeof kinds === 'number' ? kinds : kinds[i]!;
        const value = kind === textKind ? textAt(number[i]!) : number[i]!;
        column.push(base + (rows === undefined ? i : rows[i]!), kind, value);
      }
    }
  }

  /** What was added, in order of time; of equal times in the order in which it came. */
  table(): Table {
    const n = this.#rows;
    let t = this.#t.slice(0, n);
    let ts = this.#ts.slice(0, n);
    let late = this.#late.slice(0, n);
    let position: Uint32Array | undefined;
    if (t.some((time, i) => i > 0 && time < t[i - 1]!)) {
      const order = Uint32Array.from(t.keys()).sort((a, b) => t[a]! - t[b]! || a - b);
      position = new Uint32Array(n);
      for (const [to, from] of order.entries()) position[from] = to;
      t = Float64Array.from(order, (i) => t[i]!);
      ts = Float64Array.from(order, (i) => ts[i]!);
      late = Uint8Array.from(order, (i) => late[i]!);
    }
    return {
      t,
      ...(ts.some((own) => !Number.isNaN(own)) && { ts }),
      ...(late.some((flag) => flag !== 0) && { late }),
      columns: [...this.#columns.values()].map((column) => column.column(n, position)),
    };
  }

  #column(series: number): ColumnDraft {
    let column = this.#columns.get(series);
    if (column === undefined) this.#columns.set(series, (column = new ColumnDraft(series)));
    return column;
  }

  #addRow(t: number, ts: number, late: number): number {
    const row = this.#rows++;
    if (row === this.#t.length) {
      this.#t = grown(this.#t, row * 2);
      this.#ts = grown(this.#ts, row * 2);
      this.#late = grown(this.#late, row * 2);
    }
    this.#t[row] = t;
    this.#ts[row] = ts;
    this.#late[row] = late;
    return row;
  }
}
