import { beforeEach, describe, expect, it } from 'vitest';
import { OVERTAKEN } from '../../../../src/engine-api/series.ts';
import { Overtaking } from '../../../../src/engine/history/overtaking.ts';
import type { HistoryEvent } from '../../../../src/model/history-event.ts';
import { emptyBrowser, openWorld, PUMP, T0, TANK } from './history-world.ts';

beforeEach(emptyBrowser);

const status = (at: number, device = PUMP): HistoryEvent => ({
  kind: 'status',
  at,
  device,
  online: 'offline',
});
const problem = (at: number): HistoryEvent => ({ kind: 'problem', at, topic: 'x', message: `${at}` });

describe('what happened', () => {
  it('is there after the browser was killed, by range, device and kind', async () => {
    const first = (await openWorld()).history;
    first.event(status(T0));
    first.event(problem(T0 + 5));
    await first.flush();
    first.event(status(T0 + 10, TANK));
    first.event(status(T0 + 3));
    await first.flush();
    first.event(status(T0 + 20));
    const { history } = await openWorld();
    const at = async (request: object) =>
      (await history.events({ from: T0, to: T0 + 100, ...request })).events.map((event) => event.at - T0);
    expect(await at({})).toEqual([0, 3, 5, 10]);
    expect(await at({ device: PUMP })).toEqual([0, 3]);
    expect(await at({ kinds: ['problem'] })).toEqual([5]);
    expect(await at({ from: T0 + 3, to: T0 + 10 })).toEqual([3, 5]);
    await expect(history.events({ from: 2, to: 1 })).rejects.toThrow(/Choose another range/);
  });

  it('at once and too often is cut, and that is said', async () => {
    const { history } = await openWorld();
    for (let i = 0; i < 1500; i++) history.event(status(T0 + i));
    await history.flush();
    const { events, more } = await history.events({ from: T0, to: T0 + 1e6 });
    expect(events.length).toBe(1000);
    expect(more).toBe(true);
    const [said] = (await history.events({ from: T0, to: T0 + 1e6, kinds: ['problem'] })).events;
    expect(said).toMatchObject({ message: expect.stringContaining('500 more events') });
  });

  it('without a store it is kept in memory', async () => {
    const { history } = await openWorld(async () => ({ reason: 'No.' }));
    history.event(status(T0));
    expect((await history.events({ from: T0, to: T0 + 1 })).events).toEqual([status(T0)]);
  });
});

describe('a newer request takes the place of an older one', () => {
  it('of the same purpose only, and the older one says so', async () => {
    const { history } = await openWorld();
    const id = history.seriesId(PUMP, 'v');
    for (let i = 0; i < 100; i++) {
      history.record(id, T0 + i, NaN, i, false);
      await history.flush();
    }
    const overtaking = new Overtaking();
    const ask = (purpose?: string) => {
      const request = { channels: [{ device: PUMP, channel: 'v' }], from: T0, to: T0 + 100, pixels: 9 };
      return overtaking.run(purpose, (stillWanted) => history.series(request, stillWanted));
    };
    const answers = await Promise.allSettled([
      ask('chart'),
      ask('chart'),
      ask('other'),
      ask(),
      ask(),
      ask('chart'),
    ]);
    expect(answers.map(({ status: outcome }) => outcome)).toEqual([
      'rejected',
      'rejected',
      ...Array<string>(4).fill('fulfilled'),
    ]);
    expect(answers[0]).toMatchObject({ reason: { message: OVERTAKEN } });
    expect((await ask('chart')).series[0]!.samples).toBe(100);
  });
});
