import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packBlock, unpackBlock } from '../../../src/storage/pack-block.ts';
import { SampleBuffer } from '../../../src/storage/sample-buffer.ts';
import { splitBlock } from '../../../src/storage/split-block.ts';
import { valueAt, deviceTimeAt, isLateAt, type Block } from '../../../src/storage/columns.ts';

const T0 = 1_790_000_000_000;
const value = fc.oneof(
  fc.integer({ min: -999, max: 999 }).map((n) => n / 10),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e-320, 2 ** 53 + 2),
  fc.boolean(),
  fc.string({ maxLength: 3 }),
);
const time = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 2 ** 42 - T0 }));
const own = fc.oneof(
  fc.constant(NaN),
  fc.integer({ min: 0, max: 2 ** 42 }),
  fc.double({ min: 0, max: 1e13, noNaN: true }),
);
const sample = fc.tuple(fc.oneof(fc.nat(9), fc.nat(2 ** 32 - 1)), time, own, value, fc.boolean());

function blockOf(
  samples: readonly (readonly [number, number, number, string | number | boolean, boolean])[],
): Block {
  const buffer = new SampleBuffer(8);
  for (const [series, t, ts, one, late] of samples) buffer.push(series, T0 + t, ts, one, late);
  return buffer.block()!;
}

function rows(block: Block) {
  return [...block.t.keys()].map((i) => [
    block.series[i],
    block.t[i],
    deviceTimeAt(block, i),
    valueAt(block, i),
    isLateAt(block, i),
  ]);
}

it('a packed block comes back bit for bit, whether its columns are plain or odd', () => {
  const plain = sample.map(
    ([series, t, , one, late]) =>
      [
        series % 9,
        t % 1000,
        t % 777,
        typeof one === 'number' ? Math.round(one) % 1000 || 1 : 1,
        late,
      ] as const,
  );
  const samples = fc.oneof(fc.array(sample, { minLength: 1 }), fc.array(plain, { minLength: 1 }));
  fc.assert(
    fc.property(samples, (all) => {
      const before = blockOf(all);
      const after = unpackBlock(packBlock(before));
      expect(rows(after)).toEqual(rows(before));
      expect(rows(after).every((row, i) => Object.is(row[3], rows(before)[i]![3]))).toBe(true);
      expect([after.from, after.to]).toEqual([before.from, before.to]);
    }),
    { numRuns: 300 },
  );
});

it('climate readings take a quarter of what they take in memory', () => {
  const block = blockOf(
    Array.from({ length: 1000 }, (_, i) => [i % 9, i, i * 10, 20 + (i % 50) / 10, false]),
  );
  const { series, t, ts, number, flags } = packBlock(block);
  const size =
    series.byteLength + t.byteLength + ts!.byteLength + number.byteLength + (flags?.byteLength ?? 0);
  expect(size / 1000).toBeLessThanOrEqual(8);
});

it('a long block is cut into parts with texts of their own', () => {
  const block = blockOf(
    Array.from({ length: 5001 }, (_, i) => [1, i, NaN, i % 7 === 0 ? `t${i % 3}` : i, false]),
  );
  const parts = splitBlock(block);
  expect(parts.length).toBe(3);
  expect(parts.flatMap(rows)).toEqual(rows(block));
  expect(parts.every(({ from, to, t }) => from === t[0] && to === t.at(-1))).toBe(true);
});
