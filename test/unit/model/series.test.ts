import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimator } from '../../../src/model/series.ts';

const FROM = 1_000_000;

function thinned(samples: readonly (readonly [number, number])[], span: number, pixels: number) {
  const decimator = new Decimator(FROM, FROM + span, pixels);
  for (const [t, value] of samples) decimator.add(t, value);
  return { ...decimator.points(), decimator };
}

const samplesOf = (max: number) =>
  fc.array(fc.tuple(fc.integer({ min: FROM - 50, max: FROM + 1050 }), fc.integer({ min: -100, max: 100 })), {
    maxLength: max,
  });

describe('thinning out for a chart', () => {
  it('keeps first, smallest, largest and last of every column, invents nothing, and keeps to two points per pixel', () => {
    fc.assert(
      fc.property(samplesOf(300), fc.integer({ min: 1, max: 60 }), (samples, pixels) => {
        const { at, value, decimator } = thinned(samples, 1000, pixels);
        const inside = samples.filter(([t]) => t >= FROM && t < FROM + 1000);
        expect(decimator.samples).toBe(inside.length);
        expect(at.length).toBeLessThanOrEqual(Math.max(4, 2 * pixels));
        const real = new Set(inside.map(([t, v]) => `${t}:${v}`));
        for (const [i, t] of at.entries()) {
          expect(real.has(`${t}:${value[i]}`)).toBe(true);
          if (i > 0) expect(t).toBeGreaterThanOrEqual(at[i - 1]!);
        }
        const columns = Math.floor(Math.max(2, pixels) / 2);
        const columnOf = (t: number) => Math.floor(((t - FROM) / 1000) * columns);
        const points = [...at].map((t, i) => [t, value[i]!] as const);
        for (let column = 0; column < columns; column++) {
          const all = inside.filter(([t]) => columnOf(t) === column).sort((a, b) => a[0] - b[0]);
          const kept = points.filter(([t]) => columnOf(t) === column);
          if (all.length === 0) {
            expect(kept).toEqual([]);
            continue;
          }
          expect(kept[0]).toEqual(all[0]);
          expect(kept.at(-1)).toEqual(all.at(-1));
          const values = all.map(([, v]) => v);
          expect(Math.min(...kept.map(([, v]) => v))).toBe(Math.min(...values));
          expect(Math.max(...kept.map(([, v]) => v))).toBe(Math.max(...values));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('many at once, whose times never fall, are the same as each by itself', () => {
    const times = fc.integer({ min: FROM - 50, max: FROM + 1050 });
    const values = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(-0, 1e-320));
    const run = fc
      .array(fc.tuple(times, values), { maxLength: 200 })
      .map((samples) => samples.sort((a, b) => a[0] - b[0]));
    fc.assert(
      fc.property(fc.array(run, { maxLength: 4 }), fc.integer({ min: 1, max: 30 }), (runs, pixels) => {
        const expected = thinned(runs.flat(), 1000, pixels);
        const decimator = new Decimator(FROM, FROM + 1000, pixels);
        for (const samples of runs) {
          const [t, v] = [0, 1].map((i) => Float64Array.from(samples, (sample) => sample[i]!));
          decimator.addRising(t!, v!, 0, samples.length);
        }
        expect(decimator.points()).toEqual({ at: expected.at, value: expected.value });
        expect(decimator.samples).toBe(expected.decimator.samples);
        expect(decimator.breakAfter).toBe(expected.decimator.breakAfter);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves up to two samples per pixel alone, repeated readings included', () => {
    fc.assert(
      fc.property(samplesOf(40), (samples) => {
        const { at, value } = thinned(samples, 1000, 20);
        const inside = samples.filter(([t]) => t >= FROM && t < FROM + 1000).sort((a, b) => a[0] - b[0]);
        expect([...at].map((t, i) => [t, value[i]!])).toEqual(inside);
      }),
    );
  });

  it('a switch that flips and returns within one column ends as it was', () => {
    const flips = Array.from({ length: 100 }, (_, i) => [FROM + i, i === 50 ? 0 : 1] as const);
    const { value } = thinned(flips, 100_000, 10);
    expect(value.at(-1)).toBe(1);
    expect([...value]).toContain(0);
  });

  it('exact values stay exact', () => {
    const odd = [-0, 1e-320, Number.MAX_VALUE];
    const { value } = thinned(
      odd.map((v, i) => [FROM + i, v] as const),
      10,
      10,
    );
    expect([...value].every((v, i) => Object.is(v, odd[i]))).toBe(true);
  });
});

describe('when silence is a break', () => {
  const every = (ms: number, count: number) =>
    Array.from({ length: count }, (_, i) => [FROM + i * ms, 0] as const);

  it('three median intervals, but at least 30 s', () => {
    expect(thinned(every(1000, 100), 1e6, 1000).decimator.breakAfter).toBe(30_000);
    expect(thinned(every(20_000, 100), 1e7, 1000).decimator.breakAfter).toBe(60_000);
    expect(thinned([], 1e6, 1000).decimator.breakAfter).toBe(30_000);
  });

  it('one long silence among short intervals does not change it', () => {
    const samples = [...every(20_000, 50), ...every(20_000, 50).map(([t, v]) => [t + 5e6, v] as const)];
    expect(thinned(samples, 1e7, 1000).decimator.breakAfter).toBe(60_000);
  });

  it('never less than a column of a thinned chart hides', () => {
    const { decimator, at } = thinned(every(1000, 86_400), 86_400_000, 400);
    expect(decimator.breakAfter).toBe(432_000);
    for (let i = 1; i < at.length; i++) expect(at[i]! - at[i - 1]!).toBeLessThanOrEqual(decimator.breakAfter);
  });
});
