import { describe, expect, test } from 'vitest';
import type { ChannelRow, DeviceRow } from '../../../../src/engine-api/frame.ts';
import type { Alert } from '../../../../src/model/alert/alert.ts';
import { attentionItems } from '../../../../src/ui/live/attention.ts';
import { arrangeFleet } from '../../../../src/ui/live/fleet-order.ts';
import type { FleetWish } from '../../../../src/ui/live/fleet-order.ts';
import { MessageRate } from '../../../../src/ui/live/message-rate.ts';
import { isFound, searchText, searchWords } from '../../../../src/ui/live/search.ts';
import { eachValue, shownSource, shownStatus } from '../../../../src/ui/live/shown-value.ts';
import type { ShownValue } from '../../../../src/ui/live/shown-value.ts';
import { Trails } from '../../../../src/ui/live/trails.ts';
import type { DeviceStatus } from '../../../../src/model/device.ts';

function row(id: string, status: DeviceStatus, extra: Partial<DeviceRow> = {}): DeviceRow {
  return { key: `devices:${id}`, id, status, channels: [], problems: 0, ...extra };
}

const wish: FleetWish = { status: 'all', kind: '', sort: 'trouble', found: () => true };
const arrange = (
  rows: readonly DeviceRow[],
  change: Partial<FleetWish> = {},
  trouble: readonly string[] = [],
) => arrangeFleet(rows, ({ status }) => status, new Set(trouble), { ...wish, ...change });

describe('the order of the fleet', () => {
  const fleet = [
    row('meter-10', 'online'),
    row('meter-9', 'online', { lastSeen: 5 }),
    row('pump-2', 'offline'),
    row('door-1', 'stale'),
    row('truck-1', 'online', { lastSeen: 9 }),
    row('x', 'unknown'),
  ];
  const ids = (keys: readonly string[]): string[] => keys.map((key) => key.slice('devices:'.length));

  test('trouble first, then by name with numbers as numbers', () => {
    expect(ids(arrange(fleet, {}, ['devices:truck-1']).keys)).toEqual([
      'pump-2',
      'truck-1',
      'door-1',
      'x',
      'meter-9',
      'meter-10',
    ]);
  });

  test('last seen first', () => {
    expect(ids(arrange(fleet, { sort: 'seen' }).keys).slice(0, 2)).toEqual(['truck-1', 'meter-9']);
  });

  test('counts are of the whole fleet, whatever is filtered', () => {
    const { keys, counts, total } = arrange(fleet, { status: 'offline' });
    expect([ids(keys), counts, total]).toEqual([
      ['pump-2'],
      { online: 3, offline: 1, stale: 1, unknown: 1 },
      6,
    ]);
  });
});

describe('search', () => {
  const channel: ChannelRow = {
    series: 1,
    device: 'devices:pump-2',
    channel: 'relay',
    name: 'Relay',
    kind: 'boolean',
    unit: undefined,
  };
  const shown = { value: false, at: 1, source: 'live', own: 0, digits: 0 } as const;
  const text = searchText(row('pump-2', 'offline'), 'offline', [{ row: channel, shown }]);

  test.each(['PUMP', 'offline', 'relay off', 'relay false', 'offl pump'])('%s finds the pump', (query) => {
    expect(isFound(text, searchWords(query))).toBe(true);
  });

  test.each(['relay on', 'boiler', 'pump online'])('%s does not', (query) => {
    expect(isFound(text, searchWords(query))).toBe(false);
  });
});

test('what needs attention is one item a device, the gravest first, with all its reasons', () => {
  const alert = (device: string, kind: Alert['kind'], text: string, since: number): Alert => ({
    severity: 'warning',
    id: `${device} ${kind}`,
    device: `devices:${device}`,
    kind,
    text,
    since,
    state: 'firing',
  });
  const items = attentionItems(
    [row('a', 'online'), row('b', 'offline', { statusSince: 4 }), row('c', 'online'), row('d', 'stale')],
    ({ status }) => status,
    [
      alert('a', 'problem', 'unreadable', 2),
      alert('a', 'offline', 'offline', 3),
      { ...alert('c', 'clock', 'ahead', 1), state: 'resolved' },
    ],
  );
  expect(items.map(({ id, state, reason, since }) => [id, state, reason, since])).toEqual([
    ['b', 'offline', 'offline', 4],
    ['a', 'offline', 'offline; unreadable', 3],
    ['d', 'stale', 'no data for longer than usual', undefined],
  ]);
});

test('without a link nothing looks live', () => {
  expect(shownSource('live', 'offline')).toBe('stale');
  expect(shownSource('retained', 'offline')).toBe('retained');
  expect(shownStatus('online', 'stale')).toBe('stale');
  expect(shownStatus('offline', 'connecting')).toBe('offline');
  expect(shownStatus('online', 'live')).toBe('online');
});

test('a value keeps the decimals of the last two', () => {
  const columns = (number: number) => ({
    series: Uint32Array.of(1),
    at: Float64Array.of(1),
    number: Float64Array.of(number),
    source: Uint8Array.of(0),
    other: [],
  });
  const values = new Map<number, ShownValue>();
  const digits = [20.5, 20, 21].map((number) => {
    eachValue(
      columns(number),
      (series) => values.get(series),
      (series, shown) => values.set(series, shown),
    );
    return values.get(1)?.digits;
  });
  expect(digits).toEqual([1, 1, 0]);
});

test('the message rate follows a counter, also when it starts again', () => {
  const rate = new MessageRate();
  rate.add(0, 0);
  expect(rate.perMinute(1000)).toBeUndefined();
  for (let s = 1; s <= 60; s++) rate.add(s * 1000, s * 20);
  expect(rate.perMinute(60_000)).toBe(1200);
  rate.add(61_000, 3);
  expect(rate.perMinute(61_500)).toBeUndefined();
});

test('a trail takes what came while its past was being fetched, once', () => {
  const trails = new Trails();
  const points = (...at: number[]) => ({
    at: Float64Array.from(at),
    value: Float64Array.from(at),
    samples: at.length,
    breakAfter: 1000,
  });
  trails.extend(1, 5, 5);
  expect(trails.get(1)).toBeUndefined();
  trails.begin(1, points(1, 2), []);
  trails.extend(1, 3, 3);
  trails.extend(1, 4, 'text');
  trails.begin(1, points(1, 2, 3), []);
  expect(trails.get(1)?.at).toEqual([1, 2, 3]);
  for (let at = 4; at < 5000; at++) trails.extend(1, at, at);
  expect(trails.get(1)?.at.length).toBeLessThanOrEqual(480);
  expect(trails.get(1)?.at.at(-1)).toBe(4999);
});
