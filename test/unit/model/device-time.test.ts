import { describe, expect, test } from 'vitest';
import { ClockEstimate, DeviceTimeReader } from '../../../src/model/device-time.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const S = NOW / 1000;
const DAY = 86_400_000;

/** Feeds readings `[raw, seconds later]` to one device and names what each was taken for. */
function clocks(readings: readonly (readonly [raw: unknown, at: number])[]): (string | undefined)[] {
  const reader = new DeviceTimeReader();
  return readings.map(([raw, at]) => reader.read(raw, NOW + at * 1000)?.clock);
}

describe('one reading', () => {
  test.each([
    ['millis() after boot', 123_456, { ts: 123_456, clock: 'uptime' }],
    ['0 at boot', 0, { ts: 0, clock: 'uptime' }],
    ['epoch ms', NOW - 250, { ts: NOW - 250, clock: 'absolute' }],
    ['epoch seconds', S, { ts: NOW, clock: 'absolute' }],
    ['epoch seconds with a fraction', S + 0.5, { ts: NOW + 500, clock: 'absolute' }],
    ['epoch seconds a day ahead', S + 86_400, { ts: NOW + DAY, clock: 'absolute' }],
    ['13 days of uptime', 13 * DAY, { ts: 13 * DAY, clock: 'uptime' }],
    ['epoch ms as text', String(NOW), { ts: NOW, clock: 'absolute' }],
    ['ISO 8601', '2026-11-20T12:00:00Z', { ts: NOW, clock: 'absolute' }],
    [
      'ISO 8601 with zone and fraction',
      '2026-11-20T13:00:00.250+01:00',
      { ts: NOW + 250, clock: 'absolute' },
    ],
    ['ISO 8601 basic zone', '2026-11-20T17:30:00+0530', { ts: NOW, clock: 'absolute' }],
    ['ISO 8601 short zone', '2026-11-20T13:00+01', { ts: NOW, clock: 'absolute' }],
    ['ISO 8601 with a comma', '2026-11-20T12:00:00,5Z', { ts: NOW + 500, clock: 'absolute' }],
    ['no zone is UTC', '2026-11-20T12:00:00', { ts: NOW, clock: 'absolute' }],
    ['a clock that was never set', Date.UTC(2000, 0, 1), { ts: Date.UTC(2000, 0, 1), clock: 'absolute' }],
  ])('%s', (_what, raw, expected) => {
    expect(new DeviceTimeReader().read(raw, NOW)).toEqual(expected);
  });

  test.each([
    -1,
    NaN,
    Infinity,
    1e14,
    NOW * 1000,
    '',
    'now',
    '2026-11-20',
    '20.11.2026 12:00',
    '2026-13-40T12:00:00Z',
    '9'.repeat(41),
    '-5',
    '1969-12-31T23:59:59Z',
    true,
    null,
    {},
    [NOW],
  ])('%j is no time', (raw) => {
    expect(new DeviceTimeReader().read(raw, NOW)).toBeUndefined();
  });
});

describe('from 10^9 to 10^11', () => {
  test('uptime that grows past 10^9 stays uptime', () => {
    expect(
      clocks([
        [999_999_000, 0],
        [1_000_004_000, 5],
        [1_000_009_000, 10],
      ]),
    ).toEqual(['uptime', 'uptime', 'uptime']);
  });
  test('an uptime that happens to equal the epoch seconds is known by its pace', () => {
    expect(
      clocks([
        [S, 0],
        [S + 5000, 5],
        [S + 10_000, 10],
      ]),
    ).toEqual(['absolute', 'uptime', 'uptime']);
  });
  test('epoch seconds of a clock that is years behind are known by their pace', () => {
    const old = Date.UTC(2015, 0, 1) / 1000;
    expect(
      clocks([
        [old, 0],
        [old + 5, 5],
        [old + 10, 10],
      ]),
    ).toEqual(['uptime', 'absolute', 'absolute']);
  });
  test('readings closer than 5 s decide nothing, but the first of them is remembered', () => {
    const readings = Array.from({ length: 12 }, (_, i) => [S + i * 1000, i] as const);
    expect(clocks(readings)).toEqual([...Array(5).fill('absolute'), ...Array(7).fill('uptime')]);
  });
  test('uptime until the network gives the time, then epoch seconds', () => {
    expect(
      clocks([
        [4000, 0],
        [9000, 5],
        [S + 10, 10],
        [S + 15, 15],
      ]),
    ).toEqual(['uptime', 'uptime', 'absolute', 'absolute']);
  });
  test('a queue that is handed over at once does not change what the device is', () => {
    const burst = Array.from({ length: 20 }, (_, i) => [S + 5 + i * 30, 600 + i * 0.01] as const);
    expect(new Set(clocks([[S, 0], ...burst]))).toEqual(new Set(['absolute']));
  });
  test('a retained copy that comes later has no pace', () => {
    const reader = new DeviceTimeReader();
    expect(reader.read(S, NOW)?.clock).toBe('absolute');
    expect(reader.read(S + 5000, NOW + 5000, false)?.clock).toBe('absolute');
    expect(reader.read(S + 10, NOW + 10_000)?.clock).toBe('absolute');
  });
});

test('reboot and the rollover of a 32-bit counter come back to small numbers and stay uptime', () => {
  expect(
    clocks([
      [4_294_960_000, 0],
      [4_294_965_000, 5],
      [2704, 10],
      [7704, 15],
    ]),
  ).toEqual(Array(4).fill('uptime'));
  expect(
    clocks([
      [500_000, 0],
      [1000, 60],
    ]),
  ).toEqual(['uptime', 'uptime']);
});

describe('skew', () => {
  function after(...offsets: number[]): ClockEstimate {
    const clock = new ClockEstimate();
    offsets.forEach((offset, i) => clock.push(NOW + i * 1000 + offset, NOW + i * 1000));
    return clock;
  }
  test('nothing heard: nothing known', () => {
    expect(after().offset()).toBeUndefined();
    expect(after().skew()).toBeUndefined();
  });
  test('a clock a day ahead is told at the first message', () => {
    expect(after(DAY).skew()).toBe(DAY);
  });
  test('a message that was long on its way is not a slow clock; three are', () => {
    expect(after(-60_000).skew()).toBeUndefined();
    expect(after(-60_000, -60_000).skew()).toBeUndefined();
    expect(after(-60_000, -60_000, -60_000).skew()).toBe(-60_000);
  });
  test('5 s is not over 5 s', () => {
    expect(after(5000).skew()).toBeUndefined();
    expect(after(5001).skew()).toBe(5001);
  });
  test('single delays do not move the median', () => {
    const clock = after(-40, -30_000, -35, -20, -90_000);
    expect(clock.offset()).toBe(-40);
    expect(clock.skew()).toBeUndefined();
  });
  test('a clock that is set right is forgiven when the window has passed it', () => {
    const clock = after(...Array<number>(50).fill(DAY));
    for (let i = 0; i < 24; i++) clock.push(NOW, NOW);
    expect(clock.skew()).toBe(DAY);
    for (let i = 0; i < 2; i++) clock.push(NOW, NOW);
    expect(clock.skew()).toBeUndefined();
  });
  test('an even number of messages: the middle of the two in the middle', () => {
    expect(after(10, 20).offset()).toBe(15);
  });
});
