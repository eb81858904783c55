import { BitReader, BitWriter, READ_AHEAD } from './bits.ts';
import { MAX_INTEGER, readIntegers, writeIntegers } from './integer-column.ts';
import { readNumbers, writeNumbers } from './number-column.ts';
import { Kind, type Column, type Table } from './table.ts';

/** How the device's own time is written. */
const OwnTime = { none: 0, full: 1, some: 2 } as const;
const KINDS = [Kind.number, Kind.boolean, Kind.text];
const MIXED = 3;

function isIntegers(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER || Object.is(value, -0)) return false;
  }
  return true;
}

function positions(n: number, is: (i: number) => boolean): Float64Array {
  const found: number[] = [];
  for (let i = 0; i < n; i++) if (is(i)) found.push(i);
  return Float64Array.from(found);
}

function writeTime(writer: BitWriter, { t, ts, late }: Table): void {
  const full = ts !== undefined && isIntegers(ts);
  writer.write(ts === undefined ? OwnTime.none : full ? OwnTime.full : OwnTime.some, 2);
  if (full) {
    // The device's clock ticks evenly and the network does not: what it adds is in one column and not in two.
    writeIntegers(writer, ts);
    const added = new Float64Array(t.length);
    for (let i = 0; i < t.length; i++) added[i] = t[i]! - ts[i]!;
    writeIntegers(writer, added);
  } else {
    writeIntegers(writer, t);
    if (ts !== undefined) {
      const rows = positions(ts.length, (i) => !Number.isNaN(ts[i]!));
      writer.writeSmall(rows.length);
      writeIntegers(writer, rows);
      writeNumbers(
        writer,
        rows.map((row) => ts[row]!),
      );
    }
  }
  writer.write(late === undefined ? 0 : 1, 1);
  if (late !== undefined) writeIntegers(writer, Float64Array.from(late));
}

function readTime(reader: BitReader, n: number): Omit<Table, 'columns'> {
  const own = reader.read(2);
  let t: Float64Array;
  let ts: Float64Array | undefined;
  if (own === OwnTime.full) {
    ts = readIntegers(reader, n);
    t = readIntegers(reader, n);
    for (let i = 0; i < n; i++) t[i] = t[i]! + ts[i]!;
  } else {
    t = readIntegers(reader, n);
    if (own === OwnTime.some) {
      ts = new Float64Array(n).fill(NaN);
      const rows = readIntegers(reader, reader.readSmall());
      const times = readNumbers(reader, rows.length);
      for (const [i, row] of rows.entries()) ts[row] = times[i]!;
    }
  }
  const late = reader.read(1) === 1 ? Uint8Array.from(readIntegers(reader, n)) : undefined;
  return { t, ...(ts && { ts }), ...(late && { late }) };
}

function writeColumn(writer: BitWriter, { rows, kinds, number }: Column): void {
  const n = number.length;
  writer.write(rows === undefined ? 0 : 1, 1);
  if (rows !== undefined) {
    writer.writeSmall(n);
    writeIntegers(writer, rows);
  }
  if (typeof kinds === 'number') {
    writer.write(kinds, 2);
    writeNumbers(writer, number);
    return;
  }
  writer.write(MIXED, 2);
  writeIntegers(writer, Float64Array.from(kinds));
  for (const kind of KINDS) {
    writeNumbers(
      writer,
      number.filter((_, i) => kinds[i] === kind),
    );
  }
}

function readColumn(reader: BitReader, series: number, tableRows: number): Column {
  const sparse = reader.read(1) === 1;
  const n = sparse ? reader.readSmall() : tableRows;
  const rows = sparse ? readIntegers(reader, n) : undefined;
  const kind = reader.read(2);
  if (kind !== MIXED) {
    return { series, ...(rows && { rows }), kinds: kind, number: readNumbers(reader, n) };
  }
  const kinds = Uint8Array.from(readIntegers(reader, n));
  const number = new Float64Array(n);
  for (const one of KINDS) {
    const at = positions(n, (i) => kinds[i] === one);
    const values = readNumbers(reader, at.length);
    for (const [i, position] of at.entries()) number[position] = values[i]!;
  }
  return { series, ...(rows && { rows }), kinds, number };
}

/**
 * A table as bytes: every number comes back bit for bit (NaN only as "no device time"). Texts stay outside: a cell is an
 * index. Columns can be read one by one, so that a chart of one channel does not pay for the others.
 */
export function encodeTable(table: Table): Uint8Array<ArrayBuffer> {
  const time = new BitWriter();
  writeTime(time, table);
  const parts = [time.finish()];
  const head = new BitWriter();
  head.writeSmall(table.t.length);
  head.writeSmall(parts[0]!.length);
  head.writeSmall(table.columns.length);
  for (const column of table.columns) {
    const writer = new BitWriter();
    writeColumn(writer, column);
    const part = writer.finish();
    head.writeSmall(column.series);
    head.writeSmall(part.length);
    parts.push(part);
  }
  parts.unshift(head.finish());
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, READ_AHEAD));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Reads what {@link encodeTable} wrote at `begin`; only the columns that are wanted, of any series when not given. */
export function decodeTable(bytes: Uint8Array, begin = 0, wanted?: ReadonlySet<number>): Table {
  const head = new BitReader(bytes, begin);
  const n = head.readSmall();
  const timeLength = head.readSmall();
  const places: { series: number; length: number }[] = [];
  const count = head.readSmall();
  for (let i = 0; i < count; i++) places.push({ series: head.readSmall(), length: head.readSmall() });
  const timeAt = head.at >>> 3;
  const found = places.some(({ series }) => wanted === undefined || wanted.has(series));
  if (!found) return { t: new Float64Array(), columns: [] };
  const columns: Column[] = [];
  let at = timeAt + timeLength;
  for (const { series, length } of places) {
    if (wanted === undefined || wanted.has(series)) {
      columns.push(readColumn(new BitReader(bytes, at), series, n));
    }
    at += length;
  }
  return { ...readTime(new BitReader(bytes, timeAt), n), columns };
}
