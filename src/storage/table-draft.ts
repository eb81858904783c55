import type { Column, Table } from '../model/table.ts';
import { KIND_MASK, LATE } from './columns.ts';
import { grown } from './grown.ts';

/** Room to begin with: a merge has about this many messages of each device. */
const ROWS = 128;

/** Samples of one device after another. `ts` is NaN where there is none; texts are those of all. */
export interface Sorted {
  readonly series: Uint32Array;
  readonly t: Float64Array;
  readonly ts: Float64Array;
  readonly number: Float64Array;
  readonly flags: Uint8Array;
}

/** One channel of a table that is being made. */
export class ColumnDraft {
  series = 0;
  length = 0;
  /** The row of the newest cell. */
  lastRow = -1;
  #rows = new Float64Array(ROWS);
  #kinds = new Uint8Array(ROWS);
  #number = new Float64Array(ROWS);

  /** Empties it for another channel. */
  begin(series: number): void {
    this.series = series;
    this.length = 0;
    this.lastRow = -1;
  }

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
    // Views; what is handed out is copied below, or made anew.
    let rows = this.#rows.subarray(0, n);
    let kinds = this.#kinds.subarray(0, n);
    let number = this.#number.subarray(0, n);
    if (position !== undefined) {
      const moved = rows.map((row) => position[row]!);
      const order = Uint32Array.from(moved.keys()).sort((a, b) => moved[a]! - moved[b]!);
      rows = Float64Array.from(order, (i) => moved[i]!);
      kinds = Uint8Array.from(order, (i) => kinds[i]!);
      number = Float64Array.from(order, (i) => number[i]!);
    }
    const kind = oneKind(kinds);
    return {
      series: this.series,
      ...(n < tableRows && { rows: rows.slice() }),
      kinds: typeof kind === 'number' ? kind : kind.slice(),
      number: number.slice(),
    };
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
  for (let i = 1; i < kinds.length; i++) if (kinds[i] !== first) return kinds;
  return first;
}

function isAll(values: Float64Array | Uint8Array, one: number): boolean {
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], one)) return false;
  return true;
}

function rises(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (times[i]! < times[i - 1]!) return false;
  return true;
}

/**
 * Makes the table of one device out of samples in the order in which they came, and after `clear` that of the next: room
 * for each of a thousand devices would be made and thrown away again and again.
 */
export class TableDraft {
  #rows = 0;
  #t = new Float64Array(ROWS);
  #ts = new Float64Array(ROWS);
  #late = new Uint8Array(ROWS);
  readonly #columns = new Map<number, ColumnDraft>();
  readonly #spare: ColumnDraft[] = [];

  /** Begins another table. */
  clear(): void {
    this.#rows = 0;
    this.#spare.push(...this.#columns.values());
    this.#columns.clear();
  }

  /**
   * Adds the samples in `[begin, end)`. What has the same times and a different channel belongs to the same message.
   */
  addSamples({ series, t, ts, number, flags }: Sorted, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const column = this.column(series[i]!);
      const late = (flags[i]! & LATE) === 0 ? 0 : 1;
      const last = this.#rows - 1;
      const isSameMessage =
        last >= 0 &&
        column.lastRow !== last &&
        this.#t[last] === t[i] &&
        Object.is(this.#ts[last], ts[i]) &&
        this.#late[last] === late;
      const row = isSameMessage ? last : this.#addRow(t[i]!, ts[i]!, late);
      column.push(row, flags[i]! & KIND_MASK, number[i]!);
    }
  }

  /** Adds a table whose samples came after what is there, and whose texts are in the same place. */
  addTable({ t, ts, late, columns }: Table): void {
    const base = this.#rows;
    const end = base + t.length;
    if (end > this.#t.length) this.#grow(Math.max(end, 2 * this.#t.length));
    this.#t.set(t, base);
    if (ts === undefined) this.#ts.fill(NaN, base, end);
    else this.#ts.set(ts, base);
    if (late === undefined) this.#late.fill(0, base, end);
    else this.#late.set(late, base);
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
    if (!rises(t)) {
      const order = Uint32Array.from(t.keys()).sort((a, b) => t[a]! - t[b]! || a - b);
      position = new Uint32Array(n);
      for (const [to, from] of order.entries()) position[from] = to;
      t = Float64Array.from(order, (i) => t[i]!);
      ts = Float64Array.from(order, (i) => ts[i]!);
      late = Uint8Array.from(order, (i) => late[i]!);
    }
    return {
      t,
      ...(!isAll(ts, NaN) && { ts }),
      ...(!isAll(late, 0) && { late }),
      columns: [...this.#columns.values()].map((column) => column.column(n, position)),
    };
  }

  /** The column of a series, made at first sight. */
  column(series: number): ColumnDraft {
    let column = this.#columns.get(series);
    if (column === undefined) {
      column = this.#spare.pop() ?? new ColumnDraft();
      column.begin(series);
      this.#columns.set(series, column);
    }
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
