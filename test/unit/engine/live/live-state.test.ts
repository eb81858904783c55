import { beforeEach, describe, expect, test } from 'vitest';
import type { ChannelState, DeviceState } from '../../../../src/engine/live/device-state.ts';
import { LiveState } from '../../../../src/engine/live/live-state.ts';
import type { DeviceDescription } from '../../../../src/model/device.ts';
import { RecordedMarks } from '../../../support/recorded-marks.ts';

const T = 1_790_000_000_000;
const KEY = 'devices:pump-1';
let marks: RecordedMarks;
let live: LiveState;
let series: number;
beforeEach(() => {
  marks = new RecordedMarks();
  live = new LiveState(marks);
  series = 0;
});

function pump(): DeviceState {
  return live.device(KEY)!;
}

function channel(name = 'p'): ChannelState {
  return live.channel(pump(), name, () => ++series)!;
}

/** A live sample as it arrives: the device is heard, then its channel has a value. */
function sample(at: number, value: number | string = 1, name = 'p'): void {
  live.heard(pump(), at);
  live.sampled(channel(name), value, at);
}

function described(interval: number): DeviceDescription {
  return { interval, channels: new Map(), commands: [] };
}

describe('a link that is up', () => {
  beforeEach(() => live.link(true, T));

  test('a device of which nothing is known is unknown', () => {
    expect(pump().row(true)).toMatchObject({ status: 'unknown', problems: 0, channels: [] });
  });

  test('a retained status says what, and not since when', () => {
    live.status(pump(), true, T, true);
    expect(pump().row(true).status).toBe('online');
    expect(pump().row(true).statusSince).toBeUndefined();
    expect(pump().row(true).lastSeen).toBeUndefined();
  });

  test('a status that comes live says since when', () => {
    live.status(pump(), false, T, true);
    live.status(pump(), true, T + 5, false);
    expect(pump().row(true)).toMatchObject({ status: 'online', statusSince: T + 5, lastSeen: T + 5 });
    live.status(pump(), true, T + 9, false);
    expect(pump().row(true)).toMatchObject({ statusSince: T + 5, lastSeen: T + 9 });
  });

  test('an offline status wins over everything: quiet or not, its values look live no more', () => {
    sample(T);
    live.status(pump(), false, T + 1, false);
    expect(pump().row(true)).toMatchObject({ status: 'offline', statusSince: T + 1, lastSeen: T });
    expect(channel().source).toBe('stale');
    live.sweep(T + 3_600_000);
    expect(pump().row(true).status).toBe('offline');
  });

  test('a cleared status is unknown again', () => {
    live.status(pump(), true, T, false);
    live.status(pump(), null, T + 1, false);
    expect(pump().row(true).status).toBe('unknown');
  });

  test('a device without an interval is stale 30 s after its last sample, and live with the next', () => {
    live.status(pump(), true, T, true);
    sample(T);
    live.sweep(T + 30_000);
    expect(pump().row(true).status).toBe('online');
    live.sweep(T + 30_001);
    expect(pump().row(true).status).toBe('stale');
    expect(channel()).toMatchObject({ source: 'stale', value: 1, at: T });
    sample(T + 31_000, 2);
    expect(pump().row(true).status).toBe('online');
    expect(channel()).toMatchObject({ source: 'live', value: 2 });
  });

  test('a slow device is stale by its own habit', () => {
    live.status(pump(), true, T, true);
    for (let i = 0; i <= 5; i++) sample(T + i * 60_000);
    const last = T + 300_000;
    live.sweep(last + 180_000);
    expect(pump().row(true).status).toBe('online');
    live.sweep(last + 180_001);
    expect(pump().row(true).status).toBe('stale');
  });

  test('a device that says its interval is stale after three of them', () => {
    live.status(pump(), true, T, true);
    live.describe(pump(), described(2));
    sample(T);
    live.sweep(T + 6_000);
    expect(channel().source).toBe('live');
    live.sweep(T + 6_001);
    expect(channel().source).toBe('stale');
    expect(pump().row(true).status).toBe('stale');
  });

  test('a device that speaks ten times a second does not flicker', () => {
    live.status(pump(), true, T, true);
    live.describe(pump(), described(0.1));
    const seen = new Set<string>();
    for (let i = 0; i < 50; i++) {
      sample(T + i * 100);
      live.sweep(T + i * 100 + 90);
      seen.add(pump().row(true).status);
    }
    expect([...seen]).toEqual(['online']);
  });

  test('one channel that stops is stale while the device is not', () => {
    live.status(pump(), true, T, true);
    for (let i = 0; i <= 10; i++) sample(T + i * 10_000, i, 'a');
    live.sampled(channel('b'), 1, T);
    live.sweep(T + 100_000);
    expect(channel('b').source).toBe('stale');
    expect(channel('a').source).toBe('live');
    expect(pump().row(true).status).toBe('online');
  });

  test('a device with a status and nothing else is never stale', () => {
    live.status(pump(), true, T, true);
    live.sweep(T + 86_400_000);
    expect(pump().row(true).status).toBe('online');
  });

  test('a retained value is shown as retained, of unknown age, and does not make the device seen', () => {
    live.retained(channel(), 5, undefined);
    expect(channel()).toMatchObject({ value: 5, at: NaN, source: 'retained' });
    expect(pump().row(true).lastSeen).toBeUndefined();
    live.retained(channel(), 6, T - 1_000);
    expect(channel()).toMatchObject({ value: 6, at: T - 1_000 });
  });

  test('a retained value never replaces a live one', () => {
    sample(T, 7);
    live.retained(channel(), 5, undefined);
    expect(channel()).toMatchObject({ value: 7, at: T, source: 'live' });
  });

  test('a value that becomes a text is described anew, live or retained', () => {
    sample(T, 7);
    marks.take();
    sample(T + 1, 'open');
    expect(marks.take()).toContain('channel 1');
    expect(channel().row().kind).toBe('text');
    live.retained(channel('r'), 1, undefined);
    marks.take();
    live.retained(channel('r'), 'open', undefined);
    expect(marks.take()).toContain('channel 2');
  });

  test('a message ten times a second marks the device as seen once a second', () => {
    sample(T);
    marks.take();
    for (let i = 1; i < 10; i++) sample(T + i * 100);
    expect(marks.take()).toEqual([]);
    sample(T + 1_000);
    expect(marks.take()).toEqual([`seen ${KEY}`]);
    expect(pump().row(true).lastSeen).toBe(T + 1_000);
  });

  test("a computer's clock that is set back does not stop the device from being seen", () => {
    live.status(pump(), true, T, true);
    sample(T);
    sample(T - 3_600_000);
    expect(pump().row(true).lastSeen).toBe(T - 3_600_000);
  });

  test('a forgotten device is gone with its channels, and comes back new', () => {
    sample(T);
    live.forget(KEY);
    expect(live.devices.size + live.channels.size).toBe(0);
    expect(marks.take()).toContain(`removed ${KEY}`);
    expect(live.device(KEY)?.row(true).status).toBe('unknown');
    live.forget('devices:never');
    expect(marks.take()).toEqual([`described ${KEY}`]);
  });

  test('described channels stand first, in the order of the description', () => {
    for (const name of ['x', 'a', 'b']) channel(name);
    live.describe(pump(), {
      channels: new Map([
        ['b', { unit: 'bar' }],
        ['none', {}],
        ['a', { name: 'Alpha' }],
      ]),
      commands: [],
    });
    expect(pump().row(true).channels).toEqual([3, 2, 1]);
    expect(channel('b').row()).toMatchObject({ channel: 'b', name: 'b', unit: 'bar', kind: 'number' });
    expect(channel('a').row().name).toBe('Alpha');
  });

  test('there are at most 20,000 devices, and 256 channels of one', () => {
    for (let i = 0; i < 20_000; i++) expect(live.device(`devices:${i}`)).toBeDefined();
    expect(live.device('devices:one-more')).toBeUndefined();
    const first = live.device('devices:0')!;
    for (let i = 0; i < 256; i++) expect(live.channel(first, `c${i}`, () => ++series)).toBeDefined();
    expect(live.channel(first, 'one-more', () => ++series)).toBeUndefined();
    expect(series).toBe(256);
  });
});

describe('a link that goes down and comes back', () => {
  beforeEach(() => {
    live.link(true, T);
    live.status(pump(), true, T, true);
    sample(T);
    marks.take();
  });

  test('nothing looks live, and what changed is marked', () => {
    live.link(false, T + 1);
    expect(pump().row(true)).toMatchObject({ status: 'stale', lastSeen: T });
    expect(channel().source).toBe('stale');
    expect(marks.take()).toEqual([`values ${KEY}`, `device ${KEY}`]);
  });

  test('offline stays offline without a link', () => {
    live.status(pump(), false, T, false);
    live.link(false, T + 1);
    expect(pump().row(true).status).toBe('offline');
  });

  test('a new session does not confirm what the old one said', () => {
    live.link(false, T + 1);
    live.unconfirm();
    live.link(true, T + 2);
    expect(pump().row(true).status).toBe('stale');
    expect(channel().source).toBe('stale');
    live.status(pump(), true, T + 3, true);
    expect(pump().row(true).status).toBe('online');
    expect(channel().source).toBe('stale');
  });

  test('a link that was only silent for a while lost nothing: the status stands, values wait for the next', () => {
    live.link(false, T + 25_000);
    expect(pump().row(true).status).toBe('stale');
    live.link(true, T + 26_000);
    expect(pump().row(true).status).toBe('online');
    expect(channel().source).toBe('stale');
  });

  test('an outage does not count as silence of the device', () => {
    live.link(false, T + 1);
    live.unconfirm();
    live.link(true, T + 600_000);
    live.status(pump(), true, T + 600_000, true);
    live.sweep(T + 601_000);
    expect(pump().row(true).status).toBe('online');
    live.sweep(T + 630_001);
    expect(pump().row(true).status).toBe('stale');
  });
});
