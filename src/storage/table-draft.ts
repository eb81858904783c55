import type { Column, Table } from '../model/table.ts';
import { grown } from './grown.ts';

/** Room to begin with: a merge has about this many messages of each device. */
const ROWS = 128;

/** One channel of a table that is being made. */
export class ColumnDraft {
  length = 0;
  /** The row of the newest cell. */
  lastRow = -1;
  #rows = new Float64Array(ROWS);
  #kinds = new Uint8Array(ROWS);
  #number = new Float64Array(ROWS);

  constructor(readonly series: number) {}

  push(row: number, kind: number, number: number): void {
    const i = this.length++;
    if (i === this.#rows.length) this.#grow(i * 2);
    this.#rows[i] = row;
    this.#kinds[i] = kind;
    this.#number[i] = number;
    this.lastRow = row;
  }

  /** Appends the cells of a column whose rows begin at `base` here. */
  append({ rows, kinds, number }: Column, base: number): void {
    const begin = this.length;
    const n = number.length;
    if (n === 0) return;
    this.length += n;
    if (this.length > this.#rows.length) this.#grow(Math.max(this.length, 2 * this.#rows.length));
    for (let i = 0; i < n; i++) this.#rows[begin + i] = base + (rows === undefined ? i : rows[i]!);
    if (typeof kinds === 'number') this.#kinds.fill(kinds, begin, begin + n);
    else this.#kinds.set(kinds, begin);
    this.#number.set(number, begin);
    this.lastRow = this.#rows[begin + n - 1]!;
  }

  /** `position` says where each row went, when they have been put in order. */
  column(tableRows: number, position: Uint32Array | undefined): Column {
    const n = this.length;
    let rows = this.#rows.slice(0, n);
    let kinds = this.#kinds.slice(0, n);
    let number = this.#number.slice(0, n);
    if (position !== undefined) {
      const moved = rows.map((row) => position[row]!);
      const order = Uint32Array.from(moved.keys()).sort((a, b) => moved[a]! - moved[b]!);
      rows = Float64Array.from(order, (i) => moved[i]!);
      kinds = Uint8Array.from(order, (i) => kinds[i]!);
      number = Float64Array.from(order, (i) => number[i]!);
    }
    return { series: this.series, ...(n < tableRows && { rows }), kinds: oneKind(kinds), number };
  }

  #grow(capacity: number): void {
    this.#rows = grown(this.#rows, capacity);
    this.#kinds = grown(this.#kinds, capacity);
    this.#number = grown(this.#number, capacity);
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

  /**
   * Adds a sample to one of its {@link column}s. What has the same times and a different channel belongs to the same
   * message. `ts` may be NaN.
   */
  push(column: ColumnDraft, t: number, ts: number, late: boolean, kind: number, number: number): void {
    const last = this.#rows - 1;
    const isSameMessage =
      last >= 0 &&
      column.lastRow !== last &&
      this.#t[last] === t &&
      Object.is(this.#ts[last], ts) &&
      this.#late[last] === (late ? 1 : 0);
    column.push(isSameMessage ? last : this.#addRow(t, ts, late ? 1 : 0), kind, number);
  }

  /** Adds a table whose samples came after what is there, and whose texts are in the same place. */
  addTable({ t, ts, late, columns }: Table): void {
    const base = this.#rows;
    const end = base + t.length;
    if (end > this.#t.length) this.#grow(Math.max(end, 2 * this.#t.length));
    this.#t.set(t, base);
    if (ts === undefined) this.#ts.fill(NaN, base, end);
    else this.#ts.set(ts, base);
    if (late !== undefined) this.#late.set(late, base);
    this.#rows = end;
    for (const column of columns) this.column(column.series).append(column, base);
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

  /** The column of a series, made at first sight. */
  column(series: number): ColumnDraft {
    let column = this.#columns.get(series);
    if (column === undefined) this.#columns.set(series, (column = new ColumnDraft(series)));
    return column;
  }

  #addRow(t: number, ts: number, late: number): number {
    const row = this.#rows++;
    if (row === this.#t.length) this.#grow(row * 2);
    this.#t[row] = t;
    this.#ts[row] = ts;
    this.#late[row] = late;
    return row;
  }

  #grow(capacity: number): void {
    this.#t = grown(this.#t, capacity);
    this.#ts = grown(this.#ts, capacity);
    this.#late = grown(this.#late, capacity);
  }
}
