import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { Frame, SeriesId } from '../../../../src/engine-api/frame.ts';
import { frameSource } from '../../../../src/engine/feed/frame-source.ts';
import { LiveState } from '../../../../src/engine/live/live-state.ts';
import { PageFeed } from '../../../../src/engine/feed/page-feed.ts';
import type { Part } from '../../../../src/engine/feed/part.ts';
import { Pages } from '../../../../src/engine/feed/pages.ts';
import type { DeviceKey } from '../../../../src/model/device.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakePort } from '../../../support/fake-port.ts';
import { settled } from '../../../support/fake-session.ts';

const CHANNELS = 30;
const FRAME_MS = 17;

let clock: FakeClock;
let port: FakePort;
let pages: Pages;
let live: LiveState;
let feed: PageFeed;
let series: SeriesId[];
let received: number;

beforeEach(async () => {
  clock = new FakeClock();
  port = new FakePort();
  pages = new Pages();
  live = new LiveState(pages);
  received = 0;
  series = [];
  const source = frameSource(
    () => live,
    () => [],
    (part: Part) => (part === 'counters' ? { received } : part === 'alerts' ? [] : {}),
  );
  feed = new PageFeed(port, source, clock);
  pages.add(feed);
  const device = live.device('devices:d')!;
  for (let id = 1; id <= CHANNELS; id++) series.push(live.channel(device, `c${id}`, () => id)!.series);
  feed.watch({ series: [1], devices: [], shown: ['devices:d'] });
  live.link(true, clock.now());
  await drawn();
  for (let frame = 0; frame < 20; frame++) {
    messages(1_000);
    await drawn();
  }
});

/** So many messages come, the device's among them, with a new value for every channel. */
function messages(count: number, value = received): void {
  received += count;
  for (const id of series) {
    live.sampled(live.channels.get(id)!, value, clock.now());
    pages.samples([id], clock.now(), [value]);
  }
  pages.sampled('devices:d');
  pages.part('counters');
}

function addDevice(key: DeviceKey, channels: readonly SeriesId[]): readonly SeriesId[] {
  const device = live.device(key)!;
  for (const id of channels) live.channel(device, `c${id}`, () => id);
  return channels;
}

/** One more message of the device, with the same new value for every channel. */
function sample(key: DeviceKey, channels: readonly SeriesId[]): void {
  received++;
  for (const id of channels) live.sampled(live.channels.get(id)!, received, clock.now());
  pages.sampled(key);
}

/** The frame that the page gets for its credit, if any; then a drawing's time passes. */
async function drawn(): Promise<Frame | undefined> {
  const before = port.frames.length;
  feed.credit('visible');
  await settled();
  clock.advance(FRAME_MS);
  await settled();
  return port.frames[before];
}

test('in a flood values come four times a second, and counts twenty times', async () => {
  const frames: (Frame | undefined)[] = [];
  for (let ms = 0; ms < 1_000; ms += FRAME_MS) {
    messages(1_000);
    frames.push(await drawn());
  }
  expect(frames.filter((frame) => frame?.values).length).toBeGreaterThanOrEqual(4);
  expect(frames.filter((frame) => frame?.values).length).toBeLessThanOrEqual(6);
  const told = frames.filter((frame) => frame !== undefined);
  expect(told.length).toBeGreaterThanOrEqual(12);
  expect(told.length).toBeLessThanOrEqual(22);
  expect(told.every((frame) => frame.flood)).toBe(true);
  expect(told.filter((frame) => frame.counters).length).toBeGreaterThanOrEqual(12);
});

test('in a flood a screen of several devices is told by halves, each twice a second and each device as a whole', async () => {
  const other = addDevice('devices:e', [101, 102]);
  feed.watch({ series: [], devices: [], shown: ['devices:d', 'devices:e'] });
  // What kind of channels they are comes with their first values.
  sample('devices:e', other);
  await drawn();
  const told: SeriesId[][] = [];
  for (let ms = 0; ms < 1_000; ms += FRAME_MS) {
    messages(1_000);
    sample('devices:e', other);
    const columns = (await drawn())?.values;
    if (columns) told.push([...columns.series].sort((a, b) => a - b));
  }

  const times = (of: readonly SeriesId[]) => told.filter((frame) => `${frame}` === `${of}`).length;
  expect(times(series) + times(other)).toBe(told.length);
  expect(Math.min(times(series), times(other))).toBeGreaterThanOrEqual(2);
  expect(Math.max(times(series), times(other))).toBeLessThanOrEqual(3);
});

test('whoever scrolls on in a flood sees the newest value of every device with the next frame', async () => {
  const [first, second] = [addDevice('devices:e', [101]), addDevice('devices:f', [102])];
  await drawn();
  for (let step = 0; step < 20; step++) {
    messages(1_000);
    sample('devices:e', first);
    sample('devices:f', second);
    feed.watch({ series: [], devices: [], shown: ['devices:d', step % 2 ? 'devices:e' : 'devices:f'] });
    const frame = await drawn();
    expect(frame?.flood).toBe(true);
    const columns = frame!.values!;
    const place = columns.series.indexOf(step % 2 ? 101 : 102);
    expect(columns.number[place]).toBe(live.channels.get(step % 2 ? 101 : 102)!.value);
    expect([...columns.series]).toEqual(expect.arrayContaining(series));
  }
});

test('devices come onto the screen and leave it in a flood: the page ends with the last value of each', async () => {
  const devices = ['a', 'b', 'c', 'e'].map((name, n) => {
    const key: DeviceKey = `devices:${name}`;
    return { key, channels: addDevice(key, [100 + 2 * n, 101 + 2 * n]) };
  });
  const page = new Map<SeriesId, number>();
  const takeIn = async () => {
    const columns = (await drawn())?.values;
    columns?.series.forEach((id, i) => page.set(id, columns.number[i]!));
  };
  await takeIn();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ sends: fc.nat(15), shown: fc.option(fc.nat(15)) }), { maxLength: 30 }),
      async (steps) => {
        const some = (of: number) => devices.filter((_, n) => (of >> n) & 1);
        for (const { sends, shown } of steps) {
          messages(1_000);
          for (const { key, channels } of some(sends)) sample(key, channels);
          if (shown !== null) {
            const keys = some(shown).map(({ key }) => key);
            feed.watch({ series: [], devices: [], shown: ['devices:d', ...keys] });
          }
          await takeIn();
        }
        // What is off the screen may lag behind by a second.
        for (let ms = 0; ms < 1_100; ms += FRAME_MS) {
          messages(1_000);
          await takeIn();
        }
        for (const { channels } of devices) {
          for (const id of channels) expect(page.get(id)).toBe(live.channels.get(id)!.value ?? NaN);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('what is not of the flood does not wait for it, also where it came while there was no credit', async () => {
  messages(1_000);
  await drawn();
  pages.part('alerts');
  expect(await drawn()).toHaveProperty('alerts');
  feed.credit('visible');
  messages(1_000);
  await settled();
  const before = port.frames.length;
  pages.part('alerts');
  await settled();
  expect(port.frames[before]).toHaveProperty('alerts');
});

test('a chart that is open gets every sample of a flood, in order', async () => {
  const sent: number[] = [];
  const got: number[] = [];
  for (let ms = 0; ms < 1_000; ms += FRAME_MS) {
    sent.push(received);
    messages(1_000);
    got.push(...((await drawn())?.samples?.value ?? []));
  }
  clock.advance(1_000);
  got.push(...((await drawn())?.samples?.value ?? []));
  expect(got.slice(-sent.length)).toEqual(sent);
});

test('the last values of a flood that stops are told, with nothing more to come', async () => {
  messages(1_000, -1);
  let frame = await drawn();
  for (let n = 0; n < 20 && frame?.values === undefined; n++) frame = await drawn();
  expect(new Set(frame?.values?.number)).toEqual(new Set([-1]));
});

test('nothing looks live for a moment longer because there is a flood', async () => {
  messages(1_000);
  const rest = await drawn();
  expect(rest).not.toHaveProperty('values');
  live.link(false, clock.now());
  expect((await drawn())?.values?.series).toHaveLength(CHANNELS);
});

test('a page that goes away in a flood leaves no timer behind', async () => {
  messages(1_000);
  await drawn();
  pages.delete(feed);
  clock.advance(2_000);
  expect(clock.waiting).toBe(0);
});
