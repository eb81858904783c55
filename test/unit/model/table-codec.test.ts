import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kind, type Column, type Table } from '../../../src/model/table.ts';
import { decodeTable, encodeTable } from '../../../src/model/table-codec.ts';

const T0 = 1_790_000_000_000;
const ODD = [
  -0,
  0,
  1e-320,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2 ** 53 + 2,
  2 ** 49,
  Math.PI,
];

function same(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
}

function expectSame(actual: Table, expected: Table): void {
  expect(same(actual.t, expected.t)).toBe(true);
  expect(same(actual.ts, expected.ts)).toBe(true);
  expect(same(actual.late, expected.late)).toBe(true);
  expect(actual.columns.map(({ series }) => series)).toEqual(expected.columns.map(({ series }) => series));
  for (const [i, column] of actual.columns.entries()) {
    const other = expected.columns[i]!;
    expect(same(column.rows, other.rows)).toBe(true);
    expect(column.kinds).toEqual(other.kinds);
    expect(same(column.number, other.number)).toBe(true);
  }
}

/** Kinds of readings as devices send them, and the ones that break a codec. */
const reading = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((n) => n / 10),
  fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1e9),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(...ODD),
);
/** A chunk is mostly of one sort; a few are not. */
const readings = (n: number) =>
  fc.oneof(
    fc.array(fc.integer({ min: -40, max: 40 }), { minLength: n, maxLength: n }),
    fc.array(
      fc.integer({ min: -4000, max: 4000 }).map((v) => v / 100),
      { minLength: n, maxLength: n },
    ),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: n, maxLength: n }),
    fc.array(reading, { minLength: n, maxLength: n }),
    reading.map((value) => Array.from({ length: n }, () => value)),
  );
const jitter = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }) },
  fc.integer({ min: 0, max: 2 ** 40 }),
);

const column = (series: number, rows: number): fc.Arbitrary<Column> =>
  fc
    .record({
      present: fc.option(fc.array(fc.boolean(), { minLength: rows, maxLength: rows }), { nil: undefined }),
      kinds: fc.oneof(
        fc.constantFrom(...Object.values(Kind)),
        fc.array(fc.constantFrom(...Object.values(Kind)), { minLength: rows, maxLength: rows }),
      ),
      values: readings(rows),
    })
    .map(({ present, kinds, values }) => {
      const at = [...Array(rows).keys()].filter((row) => present?.[row] ?? true);
      return {
        series,
        ...(present && { rows: Float64Array.from(at) }),
        kinds: typeof kinds === 'number' ? kinds : Uint8Array.from(at, (row) => kinds[row]!),
        number: Float64Array.from(at, (row) => values[row]!),
      };
    });

const table: fc.Arbitrary<Table> = fc.integer({ min: 0, max: 300 }).chain((n) =>
  fc
    .record({
      steps: fc.array(jitter, { minLength: n, maxLength: n }),
      own: fc.oneof(
        fc.constant(undefined),
        fc.array(fc.integer({ min: 0, max: 2 ** 42 }), { minLength: n, maxLength: n }),
        fc.array(fc.oneof(fc.constant(NaN), fc.double({ noNaN: true, min: 0, max: 1e13 })), {
          minLength: n,
          maxLength: n,
        }),
      ),
      late: fc.option(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: n, maxLength: n }), {
        nil: undefined,
      }),
      columns: fc.tuple(column(1, n), column(7, n), column(2 ** 32 - 1, n)),
    })
    .map(({ steps, own, late, columns }) => {
      let t = T0;
      return {
        t: Float64Array.from(steps, (step) => (t = Math.min(2 ** 42, t + step))),
        ...(own && { ts: Float64Array.from(own) }),
        ...(late && { late: Uint8Array.from(late) }),
        columns,
      };
    }),
);

describe('a table as bytes', () => {
  it('comes back bit for bit, whatever was in it', () => {
    fc.assert(
      fc.property(table, (before) => expectSame(decodeTable(encodeTable(before)), before)),
      { numRuns: 400 },
    );
  });

  it('one column can be read alone, from the middle of other bytes', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 0, max: 9 }), (before, offset) => {
        const bytes = new Uint8Array([...new Uint8Array(offset).fill(255), ...encodeTable(before), 255, 255]);
        const { columns, ...time } = before;
        expectSame(decodeTable(bytes, offset, new Set([7, 8])), { ...time, columns: [columns[1]!] });
        expect(decodeTable(bytes, offset, new Set([8])).columns).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('each odd number alone and beside plain ones', () => {
    for (const odd of ODD) {
      for (const values of [[odd], [1, odd], [odd, odd, 0.1], [0.1, 0.2, odd, 0.3]]) {
        const before = {
          t: Float64Array.from(values, (_, i) => T0 + i),
          columns: [{ series: 1, kinds: Kind.number, number: Float64Array.from(values) }],
        };
        expectSame(decodeTable(encodeTable(before)), before);
      }
    }
  });
});

describe('how many bytes a reading takes', () => {
  /** The climate sensor: every 10 s, a network that adds up to 40 ms, a clock that counts from its start. */
  function climate(n: number): Table {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    let warm = 215;
    let damp = 480;
    return {
      t: Float64Array.from({ length: n }, (_, i) => T0 + i * 10_000 + Math.floor(random() * 40)),
      ts: Float64Array.from({ length: n }, (_, i) => 5000 + i * 10_000 + Math.floor(random() * 2)),
      columns: [
        {
          series: 1,
          kinds: Kind.number,
          number: new Float64Array(n).map(() => (warm += Math.round(random() * 4 - 2)) / 10),
        },
        {
          series: 2,
          kinds: Kind.number,
          number: new Float64Array(n).map(() => (damp += Math.round(random() * 6 - 3)) / 10),
        },
      ],
    };
  }

  it('time, the device’s own time, temperature and humidity: under 3', () => {
    expect(encodeTable(climate(4096)).length / 4096).toBeLessThan(3);
  });

  it('a switch that stays as it is: next to nothing beside its time', () => {
    const n = 4096;
    const t = Float64Array.from({ length: n }, (_, i) => T0 + i * 1000);
    const relay = { series: 1, kinds: Kind.boolean, number: new Float64Array(n).fill(1) };
    expect(encodeTable({ t, columns: [relay] }).length).toBeLessThan(100);
  });
});
