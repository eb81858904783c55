import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { exported, NAME, openWorld, PUMP, T0, TANK } from '../engine/history/history-world.ts';
import { migrations } from '../../../src/storage/migrations.ts';
import { openDatabase } from '../../../src/storage/open-database.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** A chunk as version 1 wrote it. */
function oldChunk(series: number, begin: number, n: number, seq: number) {
  return {
    series,
    seq,
    from: T0 + begin,
    to: T0 + begin + n - 1,
    t: Float64Array.from({ length: n }, (_, i) => T0 + begin + i),
    ts: Float64Array.from({ length: n }, (_, i) => (i % 2 ? NaN : i)),
    number: Float64Array.from({ length: n }, (_, i) => (i % 3 === 2 ? 0 : i / 10)),
    flags: Uint8Array.from({ length: n }, (_, i) => (i % 3 === 2 ? 2 : i % 5 === 0 ? 4 : 0)),
    texts: [`text of ${series}`],
  };
}

it('a database of version 1: every sample is there after the upgrade, once and exact', async () => {
  const { db: old } = await openDatabase(NAME, () => undefined, { migrations: migrations.slice(0, 1) });
  if (old === undefined) throw new Error('Version 1 does not open.');
  // What version 1 lacks makes it look damaged, so its stores are filled through the plain interface.
  const tx = (old as unknown as IDBDatabase).transaction(
    ['series', 'devices', 'chunks', 'meta'],
    'readwrite',
  );
  for (const [id, device] of [
    [1, PUMP],
    [2, TANK],
    [3, PUMP],
  ] as const)
    void tx.objectStore('series').put({ id, device, channel: `c${id}` });
  for (const series of [1, 2, 3]) {
    void tx.objectStore('chunks').put(oldChunk(series, 0, 300, 1));
    void tx.objectStore('chunks').put(oldChunk(series, 300, 300, 1));
  }
  void tx.objectStore('meta').put({ lastSeq: 9, kept: 1800 }, 'log');
  await (tx as unknown as { done: Promise<void> }).done;
  old.close();

  const { history } = await openWorld();
  expect(history.storage).toEqual({ mode: 'disk' });
  expect(history.counts.kept).toBe(1800);
  const lines = await exported(history, PUMP);
  expect(lines.length).toBe(1200);
  const expected = [1, 3].flatMap((series) =>
    [oldChunk(series, 0, 300, 1), oldChunk(series, 300, 300, 1)].flatMap((chunk) =>
      [...chunk.t].map((t, i) => ({
        device: 'pump-1',
        channel: `c${series}`,
        t,
        ...(!Number.isNaN(chunk.ts[i]!) && { ts: chunk.ts[i] }),
        v: chunk.flags[i] === 2 ? chunk.texts[0] : chunk.number[i],
      })),
    ),
  );
  expect(lines).toEqual(expected.sort((a, b) => a.t - b.t));
});
