import { beforeEach, describe, expect, test } from 'vitest';
import { VALUE_SOURCES, type Frame } from '../../../../src/engine-api/frame.ts';
import { frameSource } from '../../../../src/engine/feed/frame-source.ts';
import { LiveState } from '../../../../src/engine/live/live-state.ts';
import { PageFeed } from '../../../../src/engine/feed/page-feed.ts';
import type { Part } from '../../../../src/engine/feed/part.ts';
import { Pages } from '../../../../src/engine/feed/pages.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakePort } from '../../../support/fake-port.ts';
import { settled } from '../../../support/fake-session.ts';

const T = 1_790_000_000_000;
let clock: FakeClock;
let port: FakePort;
let pages: Pages;
let live: LiveState;
let feed: PageFeed;
let series: number;
beforeEach(() => {
  clock = new FakeClock(T);
  port = new FakePort();
  pages = new Pages();
  live = new LiveState(pages);
  series = 0;
  feed = newFeed(port);
  feed.watch({ series: [], devices: [], shown: ['devices:d'] });
});

/** One more page on the same state. */
function newFeed(to: FakePort): PageFeed {
  const source = frameSource(
    () => live,
    () => [],
    (part: Part) => (part === 'counters' ? { received: series } : part === 'alerts' ? [] : {}),
  );
  const made = new PageFeed(to, source, clock);
  pages.add(made);
  return made;
}

/** A live value of a channel, marked as the spine does. */
function sample(name: string, value: number | string, at = clock.now(), key = 'devices:d'): number {
  const device = live.device(key)!;
  const channel = live.channel(device, name, () => ++series)!;
  live.sampled(channel, value, at);
  pages.sampled(key);
  pages.samples([channel.series], at, [value]);
  return channel.series;
}

/** The frame that the page gets for its next credit, if any. */
async function credit(page: 'visible' | 'hidden' = 'visible'): Promise<Frame | undefined> {
  const before = port.frames.length;
  feed.credit(page);
  await settled();
  expect(port.frames.length - before).toBeLessThanOrEqual(1);
  return port.frames[before];
}

describe('a page that is seen', () => {
  test('gets nothing without a credit', async () => {
    sample('p', 1);
    await settled();
    expect(port.messages).toHaveLength(0);
  });

  test('starts with a snapshot of everything, and only once', async () => {
    sample('p', 1);
    const first = await credit();
    expect(first).toMatchObject({ snapshot: true, devices: [{ id: 'd' }], channels: [{ channel: 'p' }] });
    expect(Object.keys(first ?? {})).toEqual(
      expect.arrayContaining([
        'link',
        'storage',
        'alerts',
        'rules',
        'subscriptions',
        'problems',
        'counters',
        'policy',
      ]),
    );
    sample('p', 2);
    expect(await credit()).not.toHaveProperty('snapshot');
  });

  test('gets one frame for one credit, however much happens', async () => {
    await credit();
    feed.credit('visible');
    for (let turn = 0; turn < 5; turn++) {
      sample('p', turn);
      await settled();
    }
    expect(port.frames).toHaveLength(2);
  });

  test('a credit that is held out waits for the first change', async () => {
    await credit();
    expect(await credit()).toBeUndefined();
    sample('p', 1);
    await settled();
    expect(port.frames).toHaveLength(2);
  });

  test('a thousand changes of one channel are one value, the last', async () => {
    await credit();
    for (let i = 0; i < 1_000; i++) sample('p', i);
    const frame = await credit();
    expect([...(frame?.values?.number ?? [])]).toEqual([999]);
    expect(frame?.devices).toHaveLength(1);
    expect(frame?.channels).toHaveLength(1);
  });

  test('what a device says about itself crosses once, and again when it is new', async () => {
    const device = live.device('devices:d')!;
    live.describe(device, { name: 'Pump', channels: new Map(), commands: [] });
    expect((await credit())?.devices).toMatchObject([{ described: true, description: { name: 'Pump' } }]);
    sample('p', 1);
    const [row] = (await credit())?.devices ?? [];
    expect(row).toMatchObject({ id: 'd' });
    expect(row).not.toHaveProperty('description');
    live.describe(device, null);
    expect((await credit())?.devices).toMatchObject([{ described: true, description: undefined }]);
  });

  test('numbers, booleans and texts cross side by side', async () => {
    await credit();
    sample('n', 1.5);
    sample('s', 'open');
    const values = (await credit())?.values;
    expect([...(values?.number ?? [])]).toEqual([1.5, NaN]);
    expect(values?.other).toEqual([[1, 'open']]);
    expect([...(values?.at ?? [])]).toEqual([T, T]);
  });

  test('every sample of a watched channel comes, in order, and none of the others', async () => {
    const p = sample('p', 0);
    await credit();
    feed.watch({ series: [p], devices: [], shown: ['devices:d'] });
    for (let i = 1; i <= 100; i++) {
      sample('p', i, T + i);
      sample('q', i, T + i);
    }
    const samples = (await credit())?.samples;
    expect([...(samples?.value ?? [])]).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect([...(samples?.at ?? [])]).toEqual(Array.from({ length: 100 }, (_, i) => T + i + 1));
    expect(new Set(samples?.series)).toEqual(new Set([p]));
    sample('p', 101);
    expect([...((await credit())?.samples?.value ?? [])]).toEqual([101]);
  });

  test('a page that takes nothing for long does not fill the memory', async () => {
    const p = sample('p', 0);
    await credit();
    feed.watch({ series: [p], devices: [] });
    for (let i = 0; i < 70_000; i++) sample('p', i);
    expect((await credit())?.samples?.value).toHaveLength(65_536);
  });

  test('the last raw message of a watched device comes cut to 64 KB, with its whole length', async () => {
    const device = live.device('devices:d')!;
    const payload = new Uint8Array(100_000).fill(7);
    device.heard('t', payload.subarray(10), { receivedAt: T, qos: 0, retain: false, dup: false });
    await credit();
    feed.watch({ series: [], devices: [device.key] });
    const raw = (await credit())?.raw?.[0];
    expect(raw?.payload).toHaveLength(65_536);
    expect(raw?.length).toBe(99_990);
    expect(payload).toHaveLength(100_000);
  });

  test('a device that is forgotten and comes back at once is not taken away', async () => {
    sample('p', 1);
    await credit();
    live.forget('devices:d');
    sample('p', 2);
    const frame = await credit();
    expect(frame).not.toHaveProperty('removed');
    expect(frame?.devices).toHaveLength(1);
    live.forget('devices:d');
    expect(await credit()).toMatchObject({ removed: ['devices:d'] });
  });

  test('after a reset everything comes again, and nothing of before', async () => {
    const p = sample('p', 1);
    await credit();
    feed.watch({ series: [p], devices: [] });
    sample('p', 2);
    live = new LiveState(pages);
    feed.reset();
    const frame = await credit();
    expect(frame?.snapshot).toBe(true);
    expect(frame?.devices).toBeUndefined();
    expect(frame?.samples).toBeUndefined();
  });

  test('two pages each get all of it, at their own pace', async () => {
    const other = new FakePort();
    const second = newFeed(other);
    await credit();
    sample('p', 1);
    await credit();
    sample('p', 2);
    second.credit('visible');
    await settled();
    expect(other.frames[0]?.snapshot).toBe(true);
    expect([...(other.frames[0]?.values?.number ?? [])]).toEqual([2]);
    expect([...((await credit())?.values?.number ?? [])]).toEqual([2]);
  });

  test('values of devices off the screen come once a second, the last of each', async () => {
    sample('p', 0, T, 'devices:off');
    await credit();
    for (let i = 1; i <= 10; i++) sample('p', i, T + i, 'devices:off');
    expect(await credit()).toBeUndefined();
    clock.advance(1_000);
    await settled();
    expect([...(port.frames.at(-1)?.values?.number ?? [])]).toEqual([10]);
    expect(await credit()).toBeUndefined();
  });

  test('a device that comes onto the screen shows its newest value at once', async () => {
    sample('p', 0, T, 'devices:off');
    await credit();
    sample('p', 1, T + 1, 'devices:off');
    feed.watch({ series: [], devices: [], shown: ['devices:off'] });
    expect([...((await credit())?.values?.number ?? [])]).toEqual([1]);
    sample('p', 2, T + 2, 'devices:off');
    expect([...((await credit())?.values?.number ?? [])]).toEqual([2]);
  });

  test('a device that leaves the screen before its last value was told shows it a second later', async () => {
    sample('p', 0);
    feed.watch({ series: [], devices: [], shown: ['devices:d'] });
    await credit();
    sample('p', 1);
    feed.watch({ series: [], devices: [], shown: [] });
    await credit();
    clock.advance(1_000);
    await settled();
    const told = port.frames.flatMap(({ values }) => [...(values?.number ?? [])]);
    expect(told.at(-1)).toBe(1);
  });

  test('a device off the screen that was merely seen again is told of every five seconds', async () => {
    live.device('devices:off');
    await credit();
    pages.seen('devices:off');
    pages.part('alerts');
    expect(await credit()).not.toHaveProperty('devices');
    clock.advance(5_000);
    pages.part('alerts');
    expect((await credit())?.devices).toMatchObject([{ id: 'off' }]);
  });

  test('a value off the screen that has become old is told of at once', async () => {
    sample('p', 1, T, 'devices:off');
    await credit();
    live.link(true, T);
    live.link(false, T + 1);
    const values = (await credit())?.values;
    expect(VALUE_SOURCES[values?.source[0] ?? 0]).toBe('stale');
  });

  test('a channel that nobody knew comes with its value, wherever its device is', async () => {
    await credit();
    sample('p', 5, T, 'devices:off');
    expect([...((await credit())?.values?.number ?? [])]).toEqual([5]);
  });

  test('what counts the messages comes twenty times a second, and with whatever else there is to tell', async () => {
    const p = sample('p', 0);
    feed.watch({ series: [p], devices: [], shown: ['devices:d'] });
    await credit();
    const before = port.frames.length;
    for (let ms = 0; ms < 1_000; ms += 10) {
      pages.part('counters');
      await credit();
      clock.advance(10);
      await settled();
    }
    expect(port.frames.length - before).toBeGreaterThanOrEqual(16);
    expect(port.frames.length - before).toBeLessThanOrEqual(21);
    pages.part('counters');
    sample('p', 1);
    expect(await credit()).toHaveProperty('counters');
  });

  test('an alert is announced without any credit', () => {
    pages.notice('pump-1 is offline.', { id: 'a', severity: 'critical' });
    expect(port.notices).toEqual(['pump-1 is offline.']);
  });

  test('a page that is gone is told nothing', async () => {
    feed.credit('visible');
    pages.delete(feed);
    await settled();
    const before = port.messages.length;
    sample('p', 1);
    pages.notice('x', { id: 'x', severity: 'info' });
    await settled();
    expect(port.messages).toHaveLength(before);
  });
});

describe('a hidden page', () => {
  test('gets counts, alerts and the link, no values', async () => {
    sample('p', 1);
    pages.part('counters');
    pages.part('storage');
    expect(Object.keys((await credit('hidden')) ?? {})).toEqual(['counters']);
  });

  test('gets at most one frame a second', async () => {
    for (let i = 0; i < 30; i++) {
      pages.part('counters');
      feed.credit('hidden');
      await settled();
      clock.advance(100);
      await settled();
    }
    expect(port.frames.length).toBeGreaterThanOrEqual(3);
    expect(port.frames.length).toBeLessThanOrEqual(4);
  });

  test('gets the whole state when it is seen', async () => {
    pages.part('counters');
    await credit('hidden');
    sample('p', 1);
    const frame = await credit('visible');
    expect(frame).toMatchObject({ snapshot: true });
    expect([...(frame?.values?.number ?? [])]).toEqual([1]);
  });

  test('does not wait for the rest of the second when it is seen', async () => {
    await credit('visible');
    pages.part('counters');
    await credit('hidden');
    sample('p', 1);
    expect(await credit('hidden')).toBeUndefined();
    const frame = await credit('visible');
    expect([...(frame?.values?.number ?? [])]).toEqual([1]);
    clock.advance(5_000);
    await settled();
    expect(port.frames).toHaveLength(3);
  });

  test('what changed while it was hidden is not lost', async () => {
    const p = sample('p', 1);
    await credit('visible');
    feed.watch({ series: [p], devices: [] });
    for (let i = 0; i < 10; i++) {
      sample('p', i);
      pages.part('counters');
      await credit('hidden');
      clock.advance(1_000);
    }
    live.forget('devices:d');
    const frame = await credit('visible');
    expect(frame?.removed).toEqual(['devices:d']);
  });

  test('devices that come and go while nobody looks do not fill the memory', async () => {
    await credit('visible');
    for (let i = 0; i < 25_000; i++) {
      live.device(`devices:x${i}`);
      live.forget(`devices:x${i}`);
    }
    const frame = await credit('visible');
    expect(frame?.removed?.length ?? 0).toBeLessThanOrEqual(20_000);
    expect(frame?.snapshot).toBe(true);
  });
});
