import type { Column, Table } from '../model/table.ts';
import { LATE, type Columns } from './columns.ts';

/** A column of a table in the shape in which samples are read. What it shares with its table is not copied. */
export function columnsOf({ t, ts, late }: Table, column: Column, texts: readonly string[]): Columns {
  const { rows, kinds, number } = column;
  const n = number.length;
  const flags = typeof kinds === 'number' ? new Uint8Array(n).fill(kinds) : kinds.slice();
  if (late !== undefined) {
    for (let i = 0; i < n; i++) if (late[rows === undefined ? i : rows[i]!] === 1) flags[i]! |= LATE;
  }
  return {
    t: rows === undefined ? t : rows.map((row) => t[row]!),
    ...(ts !== undefined && { ts: rows === undefined ? ts : rows.map((row) => ts[row]!) }),
    number,
    flags,
    texts,
  };
}
