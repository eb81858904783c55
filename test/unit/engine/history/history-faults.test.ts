import { IDBObjectStore as FakeObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../../../src/model/command.ts';
import { openDatabase } from '../../../../src/storage/open-database.ts';
import { emptyBrowser, exported, meetFleet, NAME, openWorld, pointsOf, PUMP, T0 } from './history-world.ts';

beforeEach(emptyBrowser);
afterEach(() => vi.restoreAllMocks());

/** Makes the next `times` transactions that add a batch abort at commit, as Chromium does when the quota is used up. */
function fullFor(times: number): { failed: number } {
  const add = FakeObjectStore.prototype.add;
  const count = { failed: 0 };
  vi.spyOn(FakeObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value, key) {
    const request = add.call(this as never, value, key as never);
    if (this.name === 'batches' && count.failed < times) {
      count.failed++;
      const tx = this.transaction as unknown as { _abort(name: string): void };
      queueMicrotask(() => tx._abort('QuotaExceededError'));
    }
    return request as never;
  });
  return count;
}

/** Makes every transaction that adds a series abort, once each. */
function refusedSeries(): { refused: number } {
  const add = FakeObjectStore.prototype.add;
  const count = { refused: 0 };
  const refused = new Set<IDBTransaction>();
  vi.spyOn(FakeObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value, key) {
    const request = add.call(this as never, value, key as never);
    const tx = this.transaction;
    if (this.name === 'series' && !refused.has(tx)) {
      refused.add(tx);
      count.refused++;
      queueMicrotask(() => (tx as unknown as { _abort(name: string): void })._abort('QuotaExceededError'));
    }
    return request as never;
  });
  return count;
}

describe('the disk is full', () => {
  it('one failed flush is tried again: nothing is lost or doubled', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    const full = fullFor(1);
    for (let i = 0; i < 5; i++) history.record(id, T0 + i, NaN, i, false);
    await history.flush();
    expect(full.failed).toBe(1);
    expect(history.storage).toEqual({ mode: 'disk' });
    expect(history.counts).toEqual({ stored: 5, kept: 5, notKept: 0 });
    expect((await exported((await openWorld()).history, PUMP)).map((line) => line.v)).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });

  it('twice: the samples count as not kept, are still drawn, and writing resumes when there is room', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    const full = fullFor(2);
    history.record(id, T0, NaN, 0, false);
    history.gap(T0 - 10, T0 - 5);
    await history.flush();
    expect(full.failed).toBe(2);
    expect(history.counts).toEqual({ stored: 0, kept: 0, notKept: 1 });
    expect(history.storage).toEqual({ mode: 'memory', reason: expect.stringContaining('full') });
    history.record(id, T0 + 1, NaN, 1, false);
    expect([...(await pointsOf(history, PUMP, 'v')).value]).toEqual([0, 1]);
    await history.flush();
    expect(history.storage).toEqual({ mode: 'disk' });
    expect(history.counts).toEqual({ stored: 1, kept: 1, notKept: 1 });
    expect([...(await pointsOf(history, PUMP, 'v')).value]).toEqual([0, 1]);

    const second = (await openWorld()).history;
    expect(second.remembered.series).toEqual([{ id, device: PUMP, channel: 'v' }]);
    expect((await exported(second, PUMP)).map((line) => line.v)).toEqual([1]);
    const { gaps } = await second.series({ channels: [], from: T0 - 100, to: T0, pixels: 9 });
    expect(gaps).toEqual([{ from: T0 - 10, to: T0 - 5 }]);
  });

  it('a failed flush goes again by itself', async () => {
    const { clock, history } = await openWorld();
    const full = fullFor(1);
    history.record(history.seriesId(PUMP, 'v'), T0, NaN, 0, false);
    clock.advance(1000);
    await expect.poll(() => full.failed).toBe(1);
    expect(history.counts.stored).toBe(0);
    await expect.poll(() => (clock.advance(1000), history.counts.stored)).toBe(1);
  });

  it('a store that refuses is asked once a second, however many devices are new', async () => {
    const { clock, history } = await openWorld();
    const refusal = refusedSeries();
    meetFleet(history, 1_000);
    // Time passes between any two attempts, and not one comes before the second after the last is over.
    for (const attempt of [1, 2, 3]) {
      await vi.waitFor(() => (clock.advance(10), expect(refusal.refused).toBe(attempt)));
      const at = clock.now();
      for (let ms = 0; ms < 900; ms += 10) {
        clock.advance(10);
        await new Promise(setImmediate);
      }
      expect(clock.now()).toBe(at + 900);
      expect(refusal.refused).toBe(attempt);
      clock.advance(100);
    }
    vi.restoreAllMocks();
    await history.flush();
    expect(history.counts).toEqual({ stored: 1_000, kept: 1_000, notKept: 0 });
  });

  it('samples of thousands of new devices do not wait for ever for a store that refuses', async () => {
    const { history } = await openWorld();
    const refusal = refusedSeries();
    meetFleet(history, 1_000);
    await history.flush();
    expect(refusal.refused).toBe(2);
    expect(history.counts).toEqual({ stored: 0, kept: 0, notKept: 1_000 });
    vi.restoreAllMocks();
    meetFleet(history, 1_000, T0 + 1);
    await history.flush();
    expect(history.counts).toEqual({ stored: 1_000, kept: 1_000, notKept: 1_000 });
    const { db } = await openDatabase(NAME, () => undefined);
    expect(await db!.count('series')).toBe(1_000);
  });

  it('a command that cannot be stored is refused in words', async () => {
    const { history } = await openWorld();
    vi.spyOn(FakeObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    await expect(history.commands.save([{ id: 'x' } as Command])).rejects.toThrow(
      /could not be stored.*not sent/,
    );
  });
});

describe('a merge fails', () => {
  it.each(['at once', 'at commit'])(
    '%s: the log stays readable, nothing is doubled, and a later merge works',
    async (when) => {
      const { history } = await openWorld();
      const ids = ['a', 'b'].map((channel) => history.seriesId(PUMP, channel));
      const add = FakeObjectStore.prototype.add;
      let segments = 0;
      vi.spyOn(FakeObjectStore.prototype, 'add').mockImplementation(function (
        this: IDBObjectStore,
        value,
        key,
      ) {
        if (this.name === 'segments' && ++segments === 1) {
          if (when === 'at once') throw new DOMException('', 'DataCloneError');
          const tx = this.transaction as unknown as { _abort(name: string): void };
          queueMicrotask(() => tx._abort('QuotaExceededError'));
        }
        return add.call(this as never, value, key as never) as never;
      });
      const expected: number[] = [];
      for (let i = 0; i < 1500; i++) {
        for (const id of ids) history.record(id, T0 + i * 1000, NaN, i, false);
        expected.push(i);
        await history.flush();
        if (i % 100 === 0) expect([...(await pointsOf(history, PUMP, 'b')).value]).toEqual(expected);
      }
      await history.close();
      expect(segments).toBeGreaterThan(1);
      const second = (await openWorld()).history;
      expect([...(await pointsOf(second, PUMP, 'b', T0, T0 + 1e8)).value]).toEqual(expected);
      expect(second.counts.kept).toBe(3000);
    },
  );
});

describe('there is no store', () => {
  it('the page goes on in memory: charts and export have what was seen, and it counts as not kept', async () => {
    const { history } = await openWorld(async () => ({ reason: 'No.' }));
    expect(history.storage).toEqual({ mode: 'memory', reason: 'No.' });
    const id = history.seriesId(PUMP, 'v');
    history.record(id, T0, NaN, 'a', false);
    await history.flush();
    history.record(id, T0 + 1, NaN, 'b', false);
    history.gap(T0 + 5, T0 + 6);
    await history.flush();
    const answer = await history.series({
      channels: [{ device: PUMP, channel: 'v' }],
      from: T0,
      to: T0 + 10,
      pixels: 10,
    });
    expect(answer.series[0]!.samples).toBe(2);
    expect(answer.gaps).toEqual([{ from: T0 + 5, to: T0 + 6 }]);
    expect((await exported(history, PUMP)).map((line) => line.v)).toEqual(['a', 'b']);
    expect(history.counts).toEqual({ stored: 0, kept: 0, notKept: 2 });
    await history.commands.save([{ id: 'x' } as Command]);
    await history.rememberProtocol(5);
    await history.close();
  });

  it('another tab upgrades the database while samples come: memory, reload, and nothing hangs', async () => {
    const { history, changes } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    history.record(id, T0, NaN, 0, false);
    await history.flush();
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(NAME, 99);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    const before = changes();
    history.record(id, T0 + 1, NaN, 1, false);
    await history.flush();
    expect(changes()).toBeGreaterThan(before);
    expect(history.storage).toEqual({ mode: 'memory', reason: expect.stringContaining('Reload') });
    expect(history.counts).toEqual({ stored: 1, kept: 0, notKept: 1 });
    expect([...(await pointsOf(history, PUMP, 'v')).value]).toEqual([1]);
  });

  it('a database that opens and cannot be read', async () => {
    const { history } = await openWorld(async (name, lost) => {
      const opened = await openDatabase(name, lost);
      opened.db!.close();
      return opened;
    });
    expect(history.storage).toEqual({ mode: 'memory', reason: expect.stringContaining('cannot be read') });
  });

  it('a history that had to be started afresh is on disk and says so', async () => {
    const { history } = await openWorld(
      async (name, lost) => ({ ...(await openDatabase(name, lost)), notice: 'Afresh.' }) as never,
    );
    expect(history.storage).toEqual({ mode: 'disk', reason: 'Afresh.' });
  });
});
