import { IDBObjectStore as FakeObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../../../src/model/rollup.ts';
import { RECORD_BYTES, accountOf } from '../../../../src/storage/account.ts';
import { trimStep } from '../../../../src/storage/trim.ts';
import { emptyBrowser, exported, openStore, openWorld, pointsOf, PUMP, T0, TANK } from './history-world.ts';

beforeEach(emptyBrowser);
afterEach(() => vi.restoreAllMocks());

const FLUSHES = 61;
const DAY = 86_400_000;
const ALL = { samplesFrom: 0, allFrom: 0 };

/** Two devices with `days` of readings every ten minutes, each day a run of its own. */
async function someDays(days: number) {
  const world = await openWorld();
  const store = await openStore();
  const { history } = world;
  const ids = [history.seriesId(PUMP, 'v'), history.seriesId(TANK, 'v')];
  for (let day = 0; day < days; day++) {
    for (let i = 0; i < 144; i++) {
      for (const id of ids)
        history.record(id, T0 + day * DAY + i * 600_000, NaN, Math.sin(i * id) * 100, false);
      if (i < FLUSHES) await history.flush();
    }
    await history.flush();
    for (let i = 0; i < FLUSHES; i++) {
      history.record(ids[0]!, T0 + (day + 1) * DAY - 1, NaN, i, false);
      await history.flush();
    }
    await store.merge();
    await store.regroup();
  }
  return { ...world, store, ids };
}

async function trimTo(db: Parameters<typeof trimStep>[0], bytes: number): Promise<number> {
  for (let steps = 0; ; steps++) {
    const { more } = await trimStep(db, { ...ALL, bytes });
    if (!more) return steps;
  }
}

describe('there may be only so many bytes', () => {
  it('the account says what is stored, at every step of trimming', async () => {
    const { store, history } = await someDays(4);
    const { db } = store;
    const kept = history.counts.kept;
    for (const bytes of [1e9, 20_000, 10_000, 5000, 0]) {
      await trimTo(db, bytes);
      const account = await accountOf(db);
      const chunks = await db.getAll('chunks');
      const rollups = await db.getAll('rollups');
      const sum = (records: readonly { bytes: Uint8Array }[]) =>
        records.reduce((total, record) => total + record.bytes.length + RECORD_BYTES, 0);
      const devices = [...account.devices.values()];
      expect(devices.reduce((total, { chunkBytes }) => total + chunkBytes, 0)).toBe(sum(chunks));
      expect(devices.reduce((total, { rollupBytes }) => total + rollupBytes, 0)).toBe(sum(rollups));
      expect(devices.reduce((total, { samples }) => total + samples, 0)).toBe(
        chunks.reduce((total, { samples }) => total + samples, 0),
      );
      expect(account.bytes).toBeLessThanOrEqual(Math.max(bytes, account.segments.bytes));
      const left = (await openWorld()).history;
      expect(left.counts.kept).toBe(kept - account.dropped);
      const lines = [...(await exported(left, PUMP)), ...(await exported(left, TANK))];
      expect(lines.length).toBe(left.counts.kept);
    }
  });

  it('samples go first and the oldest of them, then minutes, then hours', async () => {
    const { store } = await someDays(4);
    const { db } = store;
    const seen: string[] = [];
    const has = async () => {
      const widths = new Set((await db.getAll('rollups')).map(({ width }) => width));
      return `${(await db.count('chunks')) > 0 ? 'samples ' : ''}${widths.has(MINUTE) ? 'minutes ' : ''}${widths.size}`;
    };
    for (let bytes = (await accountOf(db)).bytes; bytes > 0; bytes -= 500) {
      await trimTo(db, bytes);
      const now = await has();
      if (seen.at(-1) !== now) seen.push(now);
      const oldest = (await db.getAll('chunks')).reduce((a, { from }) => Math.min(a, from), Infinity);
      expect(oldest).toBeGreaterThanOrEqual((await accountOf(db)).floors.samples - DAY);
    }
    await trimTo(db, 0);
    if (seen.at(-1) !== (await has())) seen.push(await has());
    expect(seen).toEqual(['samples minutes 3', 'minutes 3', '1', '0']);
  });

  it('one step is bounded', async () => {
    const { store } = await someDays(4);
    const before = await store.db.count('rollups');
    await trimStep(store.db, { ...ALL, allFrom: T0 + 100 * DAY, bytes: 1e9 });
    const went = before - (await store.db.count('rollups'));
    expect(went).toBeGreaterThan(0);
    expect(went).toBeLessThanOrEqual(3 * 64);
  });

  it('a chart across the border of what was dropped has both sides, each once', async () => {
    const { store } = await someDays(4);
    const before = await pointsOf((await openWorld()).history, TANK, 'v', T0 - 1000, T0 + 5 * DAY);
    const account = await accountOf(store.db);
    await trimTo(store.db, account.bytes - 3000);
    const { history } = await openWorld();
    const { samplesFrom } = await history.usage();
    expect(samplesFrom).toBeGreaterThan(T0);
    expect(samplesFrom).toBeLessThan(T0 + 4 * DAY);
    const after = await pointsOf(history, TANK, 'v', T0 - 1000, T0 + 5 * DAY);
    expect(after.samples).toBe(before.samples);
    expect([...after.value]).toEqual([...before.value]);
  });
});

describe('what is kept can be set', () => {
  it('settings stay, and say in one sentence what they cannot be', async () => {
    const { history } = await openWorld();
    expect(history.settings.sampleDays).toBe(90);
    await history.setSettings({ sampleDays: 7, summaryDays: 30, maxBytes: 64 * 2 ** 20 });
    expect((await openWorld()).history.settings).toEqual({
      sampleDays: 7,
      summaryDays: 30,
      commandDays: 365,
      maxBytes: 2 ** 26,
    });
    for (const wrong of [
      { commandDays: 0 },
      { sampleDays: 0 },
      { sampleDays: NaN },
      { summaryDays: 3 },
      { maxBytes: 1 },
    ]) {
      await expect(history.setSettings({ ...history.settings, ...wrong })).rejects.toThrow(
        /^[A-Z].*range\.$/,
      );
    }
    expect(history.settings.sampleDays).toBe(7);
  });

  it('a shorter time takes effect at once, on every device', async () => {
    const { history, clock, store } = await someDays(3);
    clock.advance(31.5 * DAY);
    await history.setSettings({ ...history.settings, sampleDays: 30 });
    const { devices, samplesFrom } = await history.usage();
    expect(samplesFrom).toBe(Math.floor((T0 + 1.5 * DAY) / 3_600_000) * 3_600_000);
    expect(devices.map(({ device }) => device).sort()).toEqual([PUMP, TANK].sort());
    expect((await store.db.getAll('chunks')).every(({ to }) => to >= samplesFrom)).toBe(true);
    const counted = await exported(history, TANK);
    expect(counted.length).toBeGreaterThan(200);
    expect(counted.length).toBeLessThan(3 * 144);
  });
});

describe('the browser has no room', () => {
  it('the oldest readings go, new ones are kept, and the banner says so', async () => {
    const { history } = await someDays(4);
    const kept = history.counts.kept;
    const add = FakeObjectStore.prototype.add;
    let failed = 0;
    vi.spyOn(FakeObjectStore.prototype, 'add').mockImplementation(function (
      this: IDBObjectStore,
      value,
      key,
    ) {
      const request = add.call(this as never, value, key as never);
      if (this.name === 'batches' && failed++ === 0) {
        const tx = this.transaction as unknown as { _abort(name: string): void };
        queueMicrotask(() => tx._abort('QuotaExceededError'));
      }
      return request as never;
    });
    history.record(history.seriesId(PUMP, 'v'), T0 + 9 * DAY, NaN, 7, false);
    await history.flush();
    expect(history.storage).toEqual({ mode: 'disk', reason: expect.stringContaining('oldest readings') });
    expect(history.counts.notKept).toBe(0);
    expect(history.counts.kept).toBeLessThan(kept);
    expect((await exported(history, PUMP)).at(-1)!.v).toBe(7);
    const { samples } = await pointsOf(history, TANK, 'v', T0, T0 + 5 * DAY);
    expect(samples).toBe(4 * 144);
  });
});
