import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Block } from '../../../src/storage/columns.ts';
import { visitBlock } from '../../../src/storage/read-samples.ts';

const sample = fc.record({ series: fc.integer({ min: 1, max: 3 }), t: fc.integer({ min: 0, max: 20 }) });

it('the samples of a block are visited once each, in their order, in runs of one series whose times never fall', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), fc.nat(20), fc.nat(20), (samples, from, to) => {
      const times = samples.map(({ t }) => t);
      const block: Block = {
        series: Uint32Array.from(samples, ({ series }) => series),
        t: Float64Array.from(times),
        number: Float64Array.from(samples.keys()),
        flags: new Uint8Array(samples.length),
        texts: [],
        from: Math.min(...times),
        to: Math.max(...times),
      };
      const wanted = new Set([1, 3]);
      const visited: number[] = [];
      visitBlock(block, wanted, from, to, (series, { t }, begin, end) => {
        for (let i = begin; i < end; i++) {
          visited.push(i);
          expect(samples[i]!.series).toBe(series);
          if (i > begin) expect(t[i]).toBeGreaterThanOrEqual(t[i - 1]!);
        }
      });
      const expected = [...samples.keys()].filter((i) => {
        const { series, t } = samples[i]!;
        return wanted.has(series) && t >= from && t < to;
      });
      expect(visited).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
