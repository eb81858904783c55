import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Value } from '../../../../src/model/sample.ts';
import type { Command } from '../../../../src/model/command.ts';
import { openDatabase } from '../../../../src/storage/open-database.ts';
import {
  emptyBrowser,
  exported,
  meetFleet,
  NAME,
  openWorld,
  pointsOf,
  PUMP,
  T0,
  TANK,
} from './history-world.ts';

beforeEach(emptyBrowser);

const VALUES: readonly Value[] = [
  0,
  -0,
  1,
  -1.5,
  0.1,
  1e-320,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2 ** 53,
  Math.PI,
  true,
  false,
  '',
  'open',
  'üñí 🚿 \u0000 "\\\n',
  '\ud800',
  'x'.repeat(100_000),
  '__proto__',
  'constructor',
];

const COMMAND: Command = {
  id: 'c1',
  device: PUMP,
  name: 'relay',
  args: { on: true },
  by: 'olga',
  topic: 'devices/pump-1/cmd',
  bytes: 80,
  outcome: 'queued',
  createdAt: T0,
  deadline: T0 + 60_000,
  attempts: 0,
};

describe('what is recorded comes back', () => {
  it('every kind of value is exact after the browser was killed', async () => {
    const first = await openWorld();
    const id = first.history.seriesId(PUMP, 'v');
    for (const [i, value] of VALUES.entries())
      first.history.record(id, T0 + i, i % 2 ? NaN : i + 0.25, value, false);
    await first.history.flush();

    const { history } = await openWorld();
    const lines = await exported(history, PUMP);
    expect(lines.length).toBe(VALUES.length);
    for (const [i, line] of lines.entries()) {
      expect(Object.is(line.v, VALUES[i]), `value ${i}`).toBe(true);
      expect(line).toMatchObject({ device: 'pump-1', channel: 'v', t: T0 + i });
      expect(line.ts).toBe(i % 2 ? undefined : i + 0.25);
    }
    expect(history.counts).toEqual({ stored: 0, kept: VALUES.length, notKept: 0 });
  });

  it('the browser is killed between two flushes: the first is there once, the second is not', async () => {
    const first = await openWorld();
    const id = first.history.seriesId(PUMP, 'v');
    for (let i = 0; i < 10; i++) first.history.record(id, T0 + i, NaN, i, false);
    await first.history.flush();
    for (let i = 10; i < 20; i++) first.history.record(id, T0 + i, NaN, i, false);

    const second = await openWorld();
    expect(second.history.seriesId(PUMP, 'v')).toBe(id);
    second.history.record(id, T0 + 30, NaN, 30, false);
    const { at } = await pointsOf(second.history, PUMP, 'v');
    expect([...at].map((t) => t - T0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30]);
    await second.history.flush();
    expect(second.history.counts).toEqual({ stored: 1, kept: 11, notKept: 0 });
  });

  it('a flush happens by itself within a second', async () => {
    const { clock, history, changes } = await openWorld();
    history.record(history.seriesId(PUMP, 'v'), T0, NaN, 1, false);
    clock.advance(999);
    expect(history.counts.stored).toBe(0);
    clock.advance(1);
    await expect.poll(() => history.counts.stored).toBe(1);
    expect(changes()).toBeGreaterThan(0);
  });

  it('a read while a flush is under way sees every sample exactly once', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    for (let round = 0; round < 50; round++) {
      const before = round * 10;
      for (let i = 0; i < 5; i++) history.record(id, T0 + before + i, NaN, before + i, false);
      const flushing = history.flush();
      for (let i = 5; i < 10; i++) history.record(id, T0 + before + i, NaN, before + i, false);
      const early = pointsOf(history, PUMP, 'v');
      for (let turn = 0; turn < round % 7; turn++) await Promise.resolve();
      const reads = await Promise.all([early, pointsOf(history, PUMP, 'v'), flushing]);
      for (const read of reads.slice(0, 2)) {
        expect(read!.samples).toBe(before + 10);
        expect([...read!.value]).toEqual(Array.from({ length: before + 10 }, (_, i) => i));
      }
    }
  });

  it('the range takes its begin and leaves out its end', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    for (let i = 0; i < 10; i++) {
      history.record(id, T0 + i, NaN, i, false);
      if (i % 3 === 0) await history.flush();
    }
    const { value } = await pointsOf(history, PUMP, 'v', T0 + 3, T0 + 7);
    expect([...value]).toEqual([3, 4, 5, 6]);
  });

  it('booleans are 0 and 1, texts point to their labels, an unknown channel is empty', async () => {
    const { history } = await openWorld();
    for (const [i, on] of [true, false, true].entries())
      history.record(history.seriesId(PUMP, 'relay'), T0 + i, NaN, on, false);
    for (const [i, s] of ['idle', 'run', 'idle'].entries())
      history.record(history.seriesId(PUMP, 'state'), T0 + i, NaN, s, false);
    const channels = ['relay', 'state', 'none', 'relay'].map((channel) => ({ device: PUMP, channel }));
    const { series } = await history.series({ channels, from: T0, to: T0 + 10, pixels: 100 });
    expect([...series[0]!.value]).toEqual([1, 0, 1]);
    expect([...series[1]!.value].map((i) => series[1]!.labels![i])).toEqual(['idle', 'run', 'idle']);
    expect(series[2]!.samples).toBe(0);
    expect(series[3]).toEqual(series[0]);
  });

  it('a time that cannot be a date is counted and harms nothing', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    for (const t of [NaN, Infinity, -1, 1e300]) history.record(id, t, NaN, 1, false);
    history.record(id, T0 + 0.75, NaN, 2, false);
    await history.flush();
    expect(history.counts).toEqual({ stored: 1, kept: 1, notKept: 4 });
    expect([...(await pointsOf(history, PUMP, 'v')).at]).toEqual([T0]);
  });

  it('a range that ends before it begins is refused in words', async () => {
    const { history } = await openWorld();
    await expect(history.series({ channels: [], from: 2, to: 1, pixels: 10 })).rejects.toThrow(
      /Choose another range/,
    );
  });
});

describe('what is remembered', () => {
  it('which messages of QoS 1 are stored survives a kill together with their samples', async () => {
    const first = await openWorld();
    const series = first.history.seriesId(PUMP, 't');
    let news = { packetIds: Uint16Array.of(7), fingerprints: Uint32Array.of(2 ** 32 - 1) };
    first.history.withTaken(() => news);
    first.history.record(series, T0, NaN, 1, false);
    await first.history.flush();
    // Taken in, and not stored when the page is killed.
    news = { packetIds: Uint16Array.of(7, 8), fingerprints: Uint32Array.of(1, 2) };
    first.history.record(series, T0 + 1, NaN, 2, false);
    const { remembered } = (await openWorld()).history;
    expect(remembered.taken).toEqual({
      packetIds: Uint16Array.of(7),
      fingerprints: Uint32Array.of(2 ** 32 - 1),
    });
    expect(remembered.latest.get(series)?.value).toBe(1);
  });

  it.each([
    ['kill', 1_000],
    ['close', 2_501],
  ] as const)(
    'a snapshot of thousands does not hold up the samples beside it, until a %s',
    async (how, devices) => {
      const first = await openWorld();
      for (let n = 0; n < 2_500; n++) first.history.saveDevice({ key: `devices:d${n}`, online: 'online' });
      first.history.record(first.history.seriesId(PUMP, 't'), T0, NaN, 1, false);
      await first.history.flush();
      expect(first.history.counts.stored).toBe(1);
      if (how === 'close') await first.history.close();
      const second = await openWorld();
      expect(second.history.remembered.devices).toHaveLength(devices);
    },
  );

  it('samples that are due take along all series that are left', async () => {
    const { history, clock } = await openWorld();
    meetFleet(history, 2_500);
    clock.advance(1_000);
    await vi.waitFor(() => expect(history.counts.stored).toBe(2_500));
    // In one go: nothing else had the time.
    const { db } = await openDatabase(NAME, () => undefined);
    expect(await db!.count('series')).toBe(2_500);
    expect(await db!.count('devices')).toBe(1_000);
  });

  it('a fleet of thousands that is met is written in parts ahead of the second, until a kill', async () => {
    const { history, clock } = await openWorld();
    meetFleet(history, 2_500);
    const { db } = await openDatabase(NAME, () => undefined);
    // Nothing of it is due, and all is there but what is too little for a part of its own.
    const patience = { timeout: 10_000 };
    await vi.waitFor(async () => {
      clock.advance(1);
      expect(await db!.count('devices')).toBeGreaterThan(2_371);
    }, patience);
    expect(clock.now()).toBeLessThan(T0 + 1_000);
    expect(history.counts.stored).toBe(0);
    clock.advance(1_000);
    await vi.waitFor(() => expect(history.counts.stored).toBe(2_500), patience);
    const { devices, latest } = (await openWorld()).history.remembered;
    expect(devices).toHaveLength(2_500);
    expect(latest.size).toBe(2_500);
  });

  it('ids, devices, last values, gaps and client id survive a kill', async () => {
    const first = await openWorld();
    const a = first.history.seriesId(PUMP, 't');
    const b = first.history.seriesId(TANK, '__proto__');
    expect([a, b]).toEqual([1, 2]);
    const channels = new Map([['t', { unit: '°C' }]]);
    first.history.saveDevice({
      key: PUMP,
      online: 'online',
      statusSince: T0,
      description: { channels, commands: [] },
    });
    first.history.record(a, T0 + 1, 42, 20.5, false);
    first.history.record(b, T0 + 2, NaN, 'low', false);
    first.history.record(a, T0 + 3, NaN, 21.5, false);
    first.history.heard(T0 + 4);
    first.history.gap(T0 - 5000, T0);
    await first.history.flush();
    await first.history.rememberProtocol(4);

    const { history } = await openWorld();
    const { remembered } = history;
    expect(remembered.series).toEqual([
      { id: 1, device: PUMP, channel: 't' },
      { id: 2, device: TANK, channel: '__proto__' },
    ]);
    expect(remembered.latest.get(a)).toMatchObject({ t: T0 + 3, value: 21.5 });
    expect(remembered.latest.get(b)).toMatchObject({ t: T0 + 2, value: 'low' });
    expect(remembered.devices.find((device) => device.key === PUMP)).toEqual({
      key: PUMP,
      online: 'online',
      statusSince: T0,
      lastSeen: T0 + 3,
      description: { channels, commands: [] },
    });
    expect(remembered.devices.find((device) => device.key === TANK)).toEqual({
      key: TANK,
      online: 'unknown',
      lastSeen: T0 + 2,
    });
    expect(remembered.heardUntil).toBe(T0 + 4);
    expect(remembered.protocol).toBe(4);
    expect(remembered.clientId).toBe(first.history.remembered.clientId);
    expect(remembered.clientId).toMatch(/^[a-z0-9]{23}$/);
    const answer = await history.series({ channels: [], from: T0 - 3000, to: T0 + 10, pixels: 10 });
    expect(answer.gaps).toEqual([{ from: T0 - 3000, to: T0 }]);
  });

  it('last values are exact at any point between two snapshots and merges', async () => {
    let { history } = await openWorld();
    const expected = new Map<number, number>();
    for (let flush = 0; flush < 150; flush++) {
      for (const channel of ['a', 'b', `c${flush % 9}`]) {
        const id = history.seriesId(PUMP, channel);
        const value = flush * 10 + id;
        history.record(id, T0 + flush, NaN, value, false);
        expected.set(id, value);
      }
      await history.flush();
      if (flush % 7 !== 0) continue;
      history = (await openWorld()).history;
      expect(new Map([...history.remembered.latest].map(([id, { value }]) => [id, value]))).toEqual(expected);
    }
  });

  it('a late sample does not replace a newer value, a clock that was set back does', async () => {
    const { history } = await openWorld();
    const late = history.seriesId(PUMP, 'late');
    history.record(late, T0 + 100, NaN, 'now', false);
    history.record(late, T0 + 50, NaN, 'queued', true);
    const back = history.seriesId(PUMP, 'back');
    history.record(back, T0 + 100, NaN, 1, false);
    history.record(back, T0 + 50, NaN, 2, false);
    await history.flush();
    const { latest } = (await openWorld()).history.remembered;
    expect(latest.get(late)!.value).toBe('now');
    expect(latest.get(back)!.value).toBe(2);
  });

  it('a device that was dropped is not in the fleet, its samples remain, and it may come back', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    history.record(id, T0, NaN, 1, false);
    await history.flush();
    history.dropDevice(PUMP);
    await history.flush();
    const second = (await openWorld()).history;
    expect(second.remembered.devices).toEqual([]);
    expect(second.remembered.latest.size).toBe(0);
    expect((await exported(second, PUMP)).length).toBe(1);
    expect(second.seriesId(PUMP, 'v')).toBe(id);
    await second.flush();
    expect((await openWorld()).history.remembered.devices.length).toBe(1);
  });

  it('a command is on disk when saving answers, and unsettled ones come back whatever their age', async () => {
    const { history } = await openWorld();
    await history.commands.save([COMMAND]);
    const done = (i: number): Command => ({
      ...COMMAND,
      id: `d${i}`,
      outcome: 'done',
      createdAt: T0 + 1 + i,
    });
    await history.commands.save(Array.from({ length: 3_000 }, (_, i) => done(i)));
    await history.commands.save([{ ...done(2_999), outcome: 'failed' }]);
    const { commands } = (await openWorld()).history.remembered;
    // Whole chunks of the newest.
    expect(commands.length).toBeGreaterThan(2_500);
    expect(commands.length).toBeLessThan(2_900);
    expect(commands[0]).toEqual(COMMAND);
    expect(commands.at(-1)).toMatchObject({ id: 'd2999', outcome: 'failed' });
  });

  it('listening without samples is written every few seconds', async () => {
    const { clock, history } = await openWorld();
    for (let i = 1; i <= 6; i++) {
      clock.advance(1000);
      history.heard(clock.now());
    }
    await expect.poll(async () => (await openWorld()).history.remembered.heardUntil).toBe(T0 + 5000);
  });

  it('gaps that touch are one, and are cut to the range', async () => {
    const { history } = await openWorld();
    for (const [from, to] of [
      [10, 20],
      [20, 30],
      [15, 18],
      [50, 60],
      [90, 200],
      [5, 5],
    ])
      history.gap(T0 + from!, T0 + to!);
    const read = () => history.series({ channels: [], from: T0 + 12, to: T0 + 100, pixels: 10 });
    const expected = [
      [12, 30],
      [50, 60],
      [90, 100],
    ].map(([from, to]) => ({ from: T0 + from!, to: T0 + to! }));
    expect((await read()).gaps).toEqual(expected);
    await history.flush();
    expect((await read()).gaps).toEqual(expected);
  });

  it('forgetting deletes the database; the next opening is a first visit', async () => {
    const { history } = await openWorld();
    history.record(history.seriesId(PUMP, 'v'), T0, NaN, 1, false);
    await history.forget();
    expect(await indexedDB.databases()).toEqual([]);
    const second = (await openWorld()).history;
    expect(second.counts.kept).toBe(0);
    expect(second.remembered.clientId).not.toBe(history.remembered.clientId);
  });
});
