import { beforeEach, describe, expect, it } from 'vitest';
import { emptyBrowser, exported, openWorld, pointsOf, PUMP, T0, TANK } from './history-world.ts';

beforeEach(emptyBrowser);

describe('a device is exported', () => {
  it('more than 100,000 samples in pages, while the log is merged and samples go on coming', async () => {
    const { history } = await openWorld();
    const ids = ['a', 'b', 'c'].map((channel) => history.seriesId(PUMP, channel));
    const other = history.seriesId(TANK, 'a');
    let n = 0;
    const record = (count: number) => {
      for (let i = 0; i < count; i++, n++) {
        history.record(ids[n % 3]!, T0 + Math.floor(n / 3) * 10, NaN, n, false);
        history.record(other, T0 + n, NaN, -n, false);
      }
    };
    while (n < 110_000) {
      record(1000);
      await history.flush();
    }
    const durable = n;
    const seen: number[] = [];
    let cursor: number | undefined;
    let pages = 0;
    do {
      const page = await history.exportPage(PUMP, cursor);
      expect(page.samples).toBeLessThanOrEqual(50_000);
      for (const line of page.text.split('\n').filter(Boolean))
        seen.push((JSON.parse(line) as { v: number }).v);
      cursor = page.next;
      if (pages++ < 3) {
        // A minute of flushes between two pages: enough for a snapshot, and with it for a merge.
        for (let i = 0; i < 70; i++) {
          record(30);
          await history.flush();
        }
      }
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(2);
    expect(seen.length).toBeGreaterThanOrEqual(durable);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i));
    const lines = await exported(history, PUMP);
    expect(lines.length).toBe(n);
    expect(history.counts.kept).toBe(2 * n);
  });

  it('120,000 samples of one and the same millisecond are cut into pages all the same', async () => {
    const { history } = await openWorld();
    const ids = ['a', 'b'].map((channel) => history.seriesId(PUMP, channel));
    history.record(ids[0]!, T0 - 1, NaN, -1, false);
    for (let i = 0; i < 120_000; i++) history.record(ids[i % 2]!, T0, NaN, i, false);
    history.record(ids[0]!, T0 + 1, NaN, -2, false);
    const values = (await exported(history, PUMP)).map((line) => line.v as number);
    expect(values.length).toBe(120_002);
    expect(new Set(values).size).toBe(120_002);
    expect(values[0]).toBe(-1);
    expect(values.at(-1)).toBe(-2);
  });

  it('a device without samples is one empty page', async () => {
    const { history } = await openWorld();
    expect(await history.exportPage(PUMP)).toEqual({ text: '', samples: 0 });
  });

  it('what is recorded at the moment of asking is in it', async () => {
    const { history } = await openWorld();
    history.record(history.seriesId(PUMP, 'v'), T0, 12, 'x', false);
    expect((await history.exportPage(PUMP)).text).toBe(
      `{"device":"pump-1","channel":"v","t":${T0},"ts":12,"v":"x"}\n`,
    );
  });
});

describe('the log is merged', () => {
  it('a day of flushes is regrouped by device, and nothing is lost or doubled on the way', async () => {
    const { history } = await openWorld();
    const ids = ['t', 'h'].map((channel) => history.seriesId(PUMP, channel));
    for (let second = 0; second < 2000; second++) {
      for (const id of ids) history.record(id, T0 + second * 1000, NaN, second * id, false);
      await history.flush();
      if (second % 400 === 0) {
        const points = await pointsOf(history, PUMP, 'h', T0 - 1, T0 + 1e8);
        expect(points.samples).toBe(second + 1);
      }
    }
    await history.close();
    const second = await openWorld();
    const { counts } = second.history;
    expect(counts.kept).toBe(4000);
    const { db } = await (
      await import('../../../../src/storage/open-database.ts')
    ).openDatabase('telltale|home', () => {});
    expect(await db!.count('batches')).toBeLessThan(700);
    expect(await db!.count('segments')).toBeGreaterThan(1);
    const points = await pointsOf(second.history, PUMP, 'h', T0 + 500_000, T0 + 1_500_000);
    expect([...points.value]).toEqual(Array.from({ length: 1000 }, (_, i) => (500 + i) * ids[1]!));
  });

  it('a clock that is set back leaves every sample where it belongs', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    const times: number[] = [];
    for (let i = 0; i < 1300; i++) {
      const t = T0 + ((i * 7919) % 1300) * 60_000;
      times.push(t);
      history.record(id, t, NaN, t, false);
      await history.flush();
    }
    times.sort((a, b) => a - b);
    expect((await exported(history, PUMP)).map((line) => line.v)).toEqual(times);
    const part = await pointsOf(history, PUMP, 'v', times[100], times[200]);
    expect([...part.value]).toEqual(times.slice(100, 200));
  });
});
