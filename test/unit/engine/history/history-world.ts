import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { Clock } from '../../../../src/engine/time/clock.ts';
import type { History } from '../../../../src/engine/history/history.ts';
import { openHistory } from '../../../../src/engine/history/open-history.ts';
import { deviceKey } from '../../../../src/model/device.ts';
import type { Extremes } from '../../../../src/model/rollup.ts';
import { mergeBatches } from '../../../../src/storage/merge-batches.ts';
import { openDatabase, type OpenDatabase } from '../../../../src/storage/open-database.ts';
import { regroupSegments } from '../../../../src/storage/regroup-segments.ts';
import { readRollups } from '../../../../src/storage/rollups.ts';
import type { StoreName, TelltaleDatabase } from '../../../../src/storage/schema.ts';
import { SeriesDictionary } from '../../../../src/storage/series.ts';

export const NAME = 'telltale|home';
export const T0 = 1_790_000_000_000;
export const PUMP = deviceKey('devices', 'pump-1');
export const TANK = deviceKey('devices', 'tank-2');

/** Time that only the test moves; a timer runs when the test moves past it. */
export class HandClock implements Clock {
  #now = T0;
  #timers = new Set<{ due: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now - T0;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) {
      if (timer.due > this.#now) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

/** A browser that has never seen the page. */
export function emptyBrowser(): void {
  globalThis.indexedDB = new IDBFactory();
}

export interface World {
  readonly clock: HandClock;
  readonly changes: () => number;
  readonly history: History;
}

/** Opens the home's history as a page does. Opening again without closing is what a page finds after a crash. */
export async function openWorld(open: OpenDatabase = openDatabase): Promise<World> {
  const clock = new HandClock();
  let changes = 0;
  const history = await openHistory({
    name: NAME,
    open,
    clock,
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onChange: () => changes++,
  });
  return { clock, changes: () => changes, history };
}

/** Has as many new devices send a value each, all of them at `t`. */
export function meetFleet(history: History, devices: number, t = T0): void {
  for (let n = 0; n < devices; n++)
    history.record(history.seriesId(deviceKey('devices', `d${n}`), 't'), t, NaN, n, false);
}

/** Every line of a device's export, page by page. */
export async function exported(history: History, device: string): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  let cursor: number | undefined;
  do {
    const page = await history.exportPage(device, cursor);
    const rows = page.text.split('\n').filter(Boolean);
    if (rows.length !== page.samples || rows.length > 50_000)
      throw new Error(`a page of ${rows.length} lines`);
    for (const row of rows) lines.push(JSON.parse(row) as Record<string, unknown>);
    cursor = page.next;
  } while (cursor !== undefined);
  return lines;
}

/** All of one channel, not thinned out. */
export async function pointsOf(
  history: History,
  device: string,
  channel: string,
  from = T0 - 1e9,
  to = T0 + 1e9,
) {
  const answer = await history.series({ channels: [{ device, channel }], from, to, pixels: 10_000 });
  return answer.series[0]!;
}

/** The store itself, so that a test can say when the log is merged and regrouped instead of filling it. */
export interface OpenStore {
  readonly db: TelltaleDatabase;
  readonly merge: () => Promise<void>;
  readonly regroup: () => Promise<void>;
  readonly rollups: (series: number, width: number) => Promise<Extremes[]>;
  readonly close: () => void;
}

export async function openStore(): Promise<OpenStore> {
  const { db } = await openDatabase(NAME, () => undefined);
  if (db === undefined) throw new Error('The store does not open.');
  return {
    db,
    merge: async () => {
      const dictionary = new SeriesDictionary(await db.getAll('series'));
      await mergeBatches(db, dictionary.leadOf, []);
    },
    regroup: () => regroupSegments(db),
    rollups: async (series, width) => {
      const stores: StoreName[] = ['meta', 'rollups'];
      const found: Extremes[] = [];
      const tx = db.transaction(stores, 'readonly');
      await readRollups(tx, series, new Set([series]), width, 0, 2 ** 42, (_, rollup) => found.push(rollup));
      return found;
    },
    close: () => db.close(),
  };
}
