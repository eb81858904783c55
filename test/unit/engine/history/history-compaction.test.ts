import { IDBDatabase as FakeDatabase } from 'fake-indexeddb';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/model/rollup.ts';
import type { Value } from '../../../../src/model/sample.ts';
import { readAccountAndStores } from './stored.ts';
import { emptyBrowser, exported, openStore, openWorld, pointsOf, PUMP, T0, TANK } from './history-world.ts';

beforeEach(emptyBrowser);
afterEach(() => vi.restoreAllMocks());

const DAY = 86_400_000;
/** After so many flushes the last values are written, and what is before that may be merged. */
const FLUSHES = 61;

interface Given {
  readonly device: string;
  readonly channel: string;
  readonly t: number;
  readonly ts: number;
  readonly value: Value;
  readonly late: boolean;
}

const given = fc.record({
  device: fc.constantFrom(PUMP, TANK),
  channel: fc.constantFrom('a', 'b', '__proto__'),
  t: fc.oneof(
    fc.integer({ min: 0, max: 100_000 }).map((n) => T0 + n),
    fc.integer({ min: -3 * DAY, max: DAY }).map((n) => T0 + n),
  ),
  ts: fc.oneof(
    fc.constant(NaN),
    fc.integer({ min: 0, max: 1e12 }),
    fc.double({ min: 0, max: 1e13, noNaN: true }),
  ),
  value: fc.oneof(
    fc.integer({ min: -99, max: 99 }).map((n) => n / 10),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.string({ maxLength: 4 }),
  ),
  late: fc.boolean(),
});

const lineOf = ({ channel, t, ts, value }: Given) => ({
  channel,
  t,
  ...(!Number.isNaN(ts) && { ts }),
  v: value,
});

/** What an export of the device has to be: by time, then by series, then in the order in which it came. */
function expectedLines(all: readonly Given[], device: string, idOf: (channel: string) => number) {
  return all
    .filter((sample) => sample.device === device)
    .map(lineOf)
    .sort((a, b) => a.t - b.t || idOf(a.channel) - idOf(b.channel));
}

describe('whatever was recorded is there once', () => {
  it('in any order of recording, merging, regrouping and starting again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(given, { maxLength: 25 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom('merge', 'regroup', 'restart', 'none'), { minLength: 5, maxLength: 5 }),
        async (rounds, steps) => {
          emptyBrowser();
          const store = await openStore();
          let { history } = await openWorld();
          for (const [round, samples] of rounds.entries()) {
            for (let i = 0; i < FLUSHES; i++) {
              const sample = samples[i];
              if (sample !== undefined) {
                const { device, channel, t, ts, value, late } = sample;
                history.record(history.seriesId(device, channel), t, ts, value, late);
              } else history.record(history.seriesId('devices:clock', 'n'), T0 + i, NaN, i, false);
              await history.flush();
            }
            if (steps[round] === 'merge') await store.merge();
            if (steps[round] === 'regroup') await store.regroup();
            if (steps[round] === 'restart') history = (await openWorld()).history;
          }
          const all = rounds.flat();
          for (const device of [PUMP, TANK]) {
            const lines = await exported(history, device);
            const idOf = (channel: string) => history.seriesId(device, channel);
            const want = expectedLines(all, device, idOf);
            expect(lines.map(({ device: _, ...line }) => line)).toEqual(want);
            expect(lines.every((line, i) => Object.is(line.v, want[i]!.v))).toBe(true);
          }
          store.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('when the browser is killed between any two transactions', async () => {
    /** The scenario: answers what was durable when it ended or was cut off. */
    const run = async (): Promise<number> => {
      let durable = 0;
      try {
        const { history } = await openWorld();
        const store = await openStore();
        const id = history.seriesId(PUMP, 'n');
        for (let n = 0; n < 3 * FLUSHES; n++) {
          history.record(id, T0 + n * 1000, NaN, n, false);
          await history.flush();
          if (history.counts.notKept > 0) return durable;
          durable = n + 1;
          if (n % FLUSHES === FLUSHES - 1) await store.merge();
          if (n % (2 * FLUSHES) === 2 * FLUSHES - 1) await store.regroup();
        }
      } catch {
        // Killed.
      }
      return durable;
    };
    const real = FakeDatabase.prototype.transaction;
    let budget = Infinity;
    let used = 0;
    vi.spyOn(FakeDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      if (++used > budget) throw new DOMException('', 'InvalidStateError');
      return real.apply(this as never, args as never) as never;
    });
    await run();
    const total = used;
    for (let cut = 3; cut <= total; cut += 7) {
      emptyBrowser();
      [budget, used] = [cut, 0];
      const durable = await run();
      budget = Infinity;
      const { history } = await openWorld();
      const values = (await exported(history, PUMP)).map((line) => line.v as number);
      expect(values).toEqual(Array.from({ length: values.length }, (_, i) => i));
      expect(values.length).toBeGreaterThanOrEqual(durable);
      expect(values.length).toBeLessThanOrEqual(durable + 1);
      expect(history.counts.kept).toBe(values.length);
    }
  });

  it('a run of segments that somebody else has regrouped is left alone', async () => {
    const { history } = await openWorld();
    const store = await openStore();
    for (let n = 0; n < FLUSHES; n++) {
      history.record(history.seriesId(PUMP, 'n'), T0 + n, NaN, n, false);
      await history.flush();
    }
    await store.merge();
    await Promise.all([store.regroup(), store.regroup()]);
    expect((await exported(history, PUMP)).length).toBe(FLUSHES);
    const { samples } = await readAccountAndStores();
    expect(samples).toBeGreaterThan(FLUSHES - 10);
  });
});

describe('minutes and hours', () => {
  /** A device at one reading a second, far enough back to be regrouped. */
  async function aDay(values: (i: number) => Value, n = 1500, step = 61_000) {
    const world = await openWorld();
    const store = await openStore();
    const id = world.history.seriesId(PUMP, 'v');
    const perFlush = Math.ceil(n / FLUSHES);
    for (let i = 0; i < n; i++) {
      world.history.record(id, T0 + i * step, NaN, values(i), false);
      if (i % perFlush === perFlush - 1) await world.history.flush();
    }
    for (let i = 0; i < FLUSHES; i++) {
      world.history.record(world.history.seriesId(TANK, 'x'), T0, NaN, i, false);
      await world.history.flush();
    }
    await store.merge();
    await store.regroup();
    return { ...world, store };
  }

  it('of samples that are gone draw the same smallest and largest values', async () => {
    const wave = (i: number) => Math.round(1000 * Math.sin(i / 50)) / 10;
    const { history, clock, store } = await aDay(wave);
    const to = T0 + 1500 * 61_000;
    const before = await pointsOf(history, PUMP, 'v', T0, to);
    clock.advance(40 * DAY);
    await history.setSettings({ ...history.settings, sampleDays: 30 });
    const after = await pointsOf(history, PUMP, 'v', T0, to);
    expect(after.samples).toBe(before.samples);
    expect(after.at.length).toBeGreaterThan(1400);
    expect(Math.min(...after.value)).toBe(Math.min(...before.value));
    expect(Math.max(...after.value)).toBe(Math.max(...before.value));
    for (const [i, at] of after.at.entries()) {
      const near = before.at.findIndex((t) => Math.floor(t / MINUTE) === Math.floor(at / MINUTE));
      expect(before.value[near]).toBe(after.value[i]);
    }
    expect((await exported(history, PUMP)).length).toBe(0);
    expect(await store.db.count('chunks')).toBe(0);
    expect(history.counts.kept).toBeLessThan(FLUSHES + 1);
  });

  it('a late sample corrects its minute and its hour', async () => {
    const { history, clock, store } = await aDay((i) => i % 10);
    history.record(history.seriesId(PUMP, 'v'), T0 + 600_000, NaN, 500, true);
    for (let i = 0; i < FLUSHES; i++) {
      history.record(history.seriesId(TANK, 'x'), T0, NaN, i, false);
      await history.flush();
    }
    await store.merge();
    await store.regroup();
    clock.advance(40 * DAY);
    await history.setSettings({ ...history.settings, sampleDays: 30 });
    const { value, at, samples } = await pointsOf(history, PUMP, 'v', T0, T0 + 1e8);
    expect(Math.max(...value)).toBe(500);
    expect(Math.floor(at[value.indexOf(500)]! / MINUTE)).toBe(Math.floor((T0 + 600_000) / MINUTE));
    expect(samples).toBe(1501);
  });

  it('many parts of one block become one, and say the same', async () => {
    const { history } = await openWorld();
    const store = await openStore();
    const id = history.seriesId(PUMP, 'v');
    let n = 0;
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < FLUSHES; i++, n++) {
        history.record(id, T0 + n * 1000, NaN, n, false);
        await history.flush();
      }
      await store.merge();
      await store.regroup();
    }
    expect(await store.db.count('rollups')).toBeLessThan(20);
    const rollups = await store.rollups(id, HOUR);
    const sum = rollups.reduce((total, { count }) => total + count.reduce((a, b) => a + b, 0), 0);
    const { account } = await readAccountAndStores();
    expect(sum).toBe(account.devices.get(id)!.samples);
  });

  it('texts are drawn from their samples, however wide the range', async () => {
    const { history } = await aDay((i) => (i % 2 ? 'open' : 'shut'));
    const { labels, samples } = await pointsOf(history, PUMP, 'v', T0 - 365 * DAY, T0 + 365 * DAY);
    expect(labels).toEqual(['shut', 'open']);
    expect(samples).toBe(1500);
  });
});

describe('the whole fleet by the hour', () => {
  it('counts what is merged, what is in the log and what is not stored yet, each once', async () => {
    const { history } = await openWorld();
    const store = await openStore();
    const begin = Math.floor(T0 / HOUR) * HOUR;
    const expected = new Map<number, number[]>();
    for (let n = 0; n < 2 * FLUSHES + 5; n++) {
      for (const channel of ['a', 'b']) {
        const id = history.seriesId(PUMP, channel);
        const value = (n * 37 + id) % 101;
        history.record(id, begin + HOUR + n * 1000, NaN, value, false);
        expected.set(id, [...(expected.get(id) ?? []), value]);
      }
      history.record(history.seriesId(PUMP, 'text'), begin + HOUR + n, NaN, 'x', false);
      history.record(history.seriesId(TANK, 'old'), begin, NaN, 1, false);
      if (n < 2 * FLUSHES + 3) await history.flush();
      if (n === FLUSHES) await store.merge();
    }
    const { series, count, min, max, sum } = await history.overview({
      from: begin + HOUR,
      to: begin + HOUR + 1,
    });
    expect(new Set(series)).toEqual(new Set(expected.keys()));
    for (const [i, id] of series.entries()) {
      const values = expected.get(id)!;
      expect([count[i], min[i], max[i], sum[i]]).toEqual([
        values.length,
        Math.min(...values),
        Math.max(...values),
        values.reduce((a, b) => a + b, 0),
      ]);
    }
  });
});
