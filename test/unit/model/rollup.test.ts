import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRollup, encodeRollup } from '../../../src/model/rollup-codec.ts';
import { foldRollups, MINUTE, rollUp, sliceRollup, type Rollup } from '../../../src/model/rollup.ts';
import { Kind } from '../../../src/model/table.ts';

const T0 = 1_790_000_000_000;

const samples = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 600_000 }),
    fc.oneof(
      fc.integer({ min: -500, max: 500 }).map((n) => n / 10),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
    ),
  ),
  { maxLength: 200 },
);
type Samples = readonly (readonly [number, number])[];

function rolled(all: Samples, width = MINUTE): Rollup {
  const sorted = [...all].sort((a, b) => a[0] - b[0]);
  const number = Float64Array.from(sorted, ([, value]) => value);
  const t = Float64Array.from(sorted, ([at]) => T0 + at);
  return rollUp(t, { series: 1, kinds: Kind.number, number }, width);
}

/** What a rollup is, said the long way. */
function naive(all: Samples, width = MINUTE) {
  const buckets = new Map<number, number[]>();
  for (const [at, value] of all) {
    const bucket = Math.floor((T0 + at) / width);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), value]);
  }
  return [...buckets].sort((a, b) => a[0] - b[0]).map(([bucket, values]) => ({ bucket, values }));
}

function expectNaive(rollup: Rollup, all: Samples, width = MINUTE): void {
  const expected = naive(all, width);
  expect([...rollup.bucket]).toEqual(expected.map(({ bucket }) => bucket));
  for (const [i, { values }] of expected.entries()) {
    expect(rollup.count[i]).toBe(values.length);
    expect(rollup.min[i]).toBe(Math.min(...values));
    expect(rollup.max[i]).toBe(Math.max(...values));
    const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
    const sum = values.reduce((total, value) => total + value, 0);
    expect(Math.abs(rollup.sum[i]! - sum)).toBeLessThanOrEqual(size * 1e-9);
  }
}

describe('summing up by minute and hour', () => {
  it('count, smallest, largest and sum are those of the samples', () => {
    fc.assert(fc.property(samples, (all) => expectNaive(rolled(all), all)));
  });

  it('in whatever parts the samples came, late ones included', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 7 }), (all, parts) => {
        const some = Array.from({ length: parts }, (_, part) =>
          rolled(all.filter((_, i) => i % parts === part)),
        );
        expectNaive(foldRollups(some), all);
        expectNaive(foldRollups(some, 60), all, 60 * MINUTE);
      }),
    );
  });

  it('comes back bit for bit from its bytes, and can be cut', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -1, max: 11 }), (all, cut) => {
        const before = rolled(all);
        const after = decodeRollup(encodeRollup(before));
        for (const name of ['bucket', 'count', 'min', 'max', 'sum'] as const) {
          expect(after[name].every((value, i) => Object.is(value, before[name][i]))).toBe(true);
          expect(after[name].length).toBe(before[name].length);
        }
        const at = Math.floor(T0 / MINUTE) + cut;
        const parts = [sliceRollup(before, -Infinity, at), sliceRollup(before, at, Infinity)];
        expect(foldRollups(parts)).toEqual(before);
      }),
    );
  });

  it('tenths add up to tenths', () => {
    const { sum } = rolled(Array.from({ length: 10 }, (_, i) => [i, 0.1] as const));
    expect([...sum]).toEqual([1]);
  });

  it('booleans count as 0 and 1, texts not at all', () => {
    const number = Float64Array.from([1, 0, 1, 7]);
    const kinds = Uint8Array.from([Kind.boolean, Kind.boolean, Kind.boolean, Kind.text]);
    const { count, min, max, sum } = rollUp(
      new Float64Array(4).fill(T0),
      { series: 1, kinds, number },
      MINUTE,
    );
    expect([...count, ...min, ...max, ...sum]).toEqual([3, 0, 1, 2]);
  });
});
