import type { Column, Table } from '../model/table.ts';
import { oneKind } from './table-draft.ts';

/** The first position whose value is not below `bound`; `values` rise. */
export function firstFrom(values: Float64Array, bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sliceColumn({ series, rows, kinds, number }: Column, begin: number, end: number): Column {
  const first = rows === undefined ? begin : firstFrom(rows, begin);
  const last = rows === undefined ? end : firstFrom(rows, end);
  const all = last - first === end - begin;
  return {
    series,
    ...(rows !== undefined && !all && { rows: rows.slice(first, last).map((row) => row - begin) }),
    kinds: typeof kinds === 'number' ? kinds : oneKind(kinds.slice(first, last)),
    number: number.slice(first, last),
  };
}

/** The rows `[begin, end)` of a table, without the columns that have no cell in them. */
export function sliceTable({ t, ts, late, columns }: Table, begin: number, end: number): Table {
  const ownTimes = ts?.slice(begin, end);
  const flags = late?.slice(begin, end);
  return {
    t: t.slice(begin, end),
    ...(ownTimes?.some((own) => !Number.isNaN(own)) && { ts: ownTimes }),
    ...(flags?.some((flag) => flag !== 0) && { late: flags }),
    columns: columns
      .map((column) => sliceColumn(column, begin, end))
      .filter(({ number }) => number.length > 0),
  };
}
