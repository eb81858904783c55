import { beforeEach, expect, test } from 'vitest';
import { AlertBook } from '../../../../src/engine/alerts/alert-book.ts';
import { Alerts } from '../../../../src/engine/alerts/alerts.ts';
import { DeviceState } from '../../../../src/engine/live/device-state.ts';
import type { Alert } from '../../../../src/model/alert/alert.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const T = 1_790_000_000_000;
let quiet: boolean;
let begun: string[];
let changes: number;
let alerts: Alerts;
let book: AlertBook;
let clock: FakeClock;
let device: DeviceState;
beforeEach(() => {
  quiet = false;
  begun = [];
  changes = 0;
  clock = new FakeClock(T);
  device = new DeviceState('devices:pump-1');
  device.confirmed = true;
  book = new AlertBook({
    clock,
    onChange: () => changes++,
    onNews: (alert) => {
      if (alert.state === 'firing') begun.push(alert.text);
    },
    save: async () => {},
  });
  alerts = new Alerts(book, () => quiet);
});

function firing(id: string): Alert {
  return { id, device: 'd', kind: 'rule', severity: 'info', state: 'firing', text: '' };
}

/** Lets what was promised come about. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test('a device that goes offline is announced once, and resolved when it is back', () => {
  device.online = 'offline';
  device.statusSince = T - 5;
  alerts.check(device, T);
  alerts.check(device, T + 1);
  expect(begun).toEqual(['pump-1 is offline.']);
  expect(book.list()).toMatchObject([{ kind: 'offline', state: 'firing', since: T - 5 }]);
  device.online = 'online';
  alerts.check(device, T + 2);
  expect(book.list()).toMatchObject([{ kind: 'offline', state: 'resolved', resolvedAt: T + 2 }]);
  expect(changes).toBe(2);
});

test('an offline that only a retained copy says has no beginning', () => {
  device.online = 'offline';
  alerts.check(device, T);
  expect(book.list()[0]).not.toHaveProperty('since');
});

test('a device that is offline is not also late', () => {
  quiet = true;
  device.online = 'offline';
  alerts.check(device, T);
  expect(book.list().map((alert) => alert.kind)).toEqual(['offline']);
});

test('a device that should have spoken is late since it was last seen', () => {
  quiet = true;
  device.lastSeen = T - 90_000;
  alerts.check(device, T);
  expect(book.list()).toMatchObject([{ kind: 'no-data', since: T - 90_000 }]);
});

test('unreadable messages are an alert until there has been none for five minutes', () => {
  device.problemAt = T;
  alerts.check(device, T);
  alerts.check(device, T + 299_999);
  expect(book.list()[0]?.state).toBe('firing');
  alerts.check(device, T + 300_000);
  expect(book.list()[0]?.state).toBe('resolved');
});

test('of two alerts of one device each ends by itself, and also after a reload', () => {
  device.problemAt = T;
  alerts.check(device, T);
  quiet = true;
  device.lastSeen = T - 1;
  alerts.check(device, T + 1);
  const standing = () => [...book.list()].filter(({ state }) => state === 'firing').map(({ kind }) => kind);
  expect(standing()).toEqual(['no-data', 'problem']);
  const reloaded = new AlertBook({ clock, onChange: () => {}, onNews: () => {}, save: async () => {} });
  reloaded.restore(book.list().map((alert) => ({ key: `${alert.device}/${alert.kind}`, alert })));
  alerts = new Alerts((book = reloaded), () => quiet);
  alerts.check(device, T + 300_000);
  expect(standing()).toEqual(['no-data']);
  quiet = false;
  device.lastSeen = T + 300_001;
  alerts.check(device, T + 300_002);
  expect(standing()).toEqual([]);
  quiet = true;
  alerts.check(device, T + 300_003);
  expect(standing()).toEqual(['no-data']);
});

test.each([
  [86_400_000, 'The clock of pump-1 is 1 day ahead.'],
  [-7_200_000, 'The clock of pump-1 is 2 hours behind.'],
  [12_000, 'The clock of pump-1 is 12 seconds ahead.'],
])('a clock that is off by %i ms says by how much', (offset, text) => {
  for (let i = 0; i < 3; i++) device.clock.push(T + offset, T);
  alerts.check(device, T);
  expect(begun).toEqual([text]);
});

test('a device is called by the name that it gave itself', () => {
  device.online = 'offline';
  device.published = { name: 'Well pump', channels: new Map(), commands: [] };
  alerts.check(device, T);
  expect(begun).toEqual(['Well pump is offline.']);
});

test('a device that is gone needs nobody', () => {
  device.online = 'offline';
  alerts.check(device, T);
  alerts.forget(device, T + 1);
  expect(book.list().map((alert) => alert.state)).toEqual(['resolved']);
});

test('those that fire stand first, newest first, and at most 100 that are over are kept', () => {
  for (let i = 0; i < 150; i++) {
    const other = new DeviceState(`devices:${i}`);
    other.confirmed = true;
    other.online = 'offline';
    alerts.check(other, T + i);
    other.online = 'online';
    alerts.check(other, T + i);
  }
  device.online = 'offline';
  alerts.check(device, T + 200);
  const list = book.list();
  expect(list).toHaveLength(101);
  expect(list[0]).toMatchObject({ device: device.key, state: 'firing' });
  expect(list[1]).toMatchObject({ device: 'devices:149', state: 'resolved' });
});

test('what fires, ends and fires again is several alerts, each with an id of its own', () => {
  for (let n = 0; n < 6; n++) {
    device.online = n % 2 === 0 ? 'offline' : 'online';
    alerts.check(device, T + n);
  }
  const ids = book.list().map((alert) => alert.id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
});

test('what an earlier page raised is neither announced again nor over before the device says so', () => {
  device.confirmed = false;
  device.online = 'offline';
  book.restore([
    {
      key: `${device.key}/offline`,
      alert: {
        id: 'x',
        device: device.key,
        kind: 'offline',
        severity: 'critical',
        state: 'acknowledged',
        text: '',
      },
    },
    {
      key: `${device.key}/clock`,
      alert: {
        id: 'y',
        device: device.key,
        kind: 'clock',
        severity: 'warning',
        state: 'firing',
        text: '',
        since: T,
      },
    },
  ]);
  alerts.check(device, T + 1_000);
  device.online = 'unknown';
  alerts.check(device, T + 2_000);
  expect(begun).toEqual([]);
  expect(book.list().map(({ id, state }) => [id, state])).toEqual([
    ['y', 'firing'],
    ['x', 'acknowledged'],
  ]);
  device.online = 'online';
  device.confirmed = true;
  device.clock.push(T, T);
  alerts.check(device, T + 3_000);
  expect(book.list().every(({ state }) => state === 'resolved')).toBe(true);
});

test('late since before a reload is over when the device speaks, not when the page begins to listen anew', () => {
  quiet = true;
  device.lastSeen = T - 90_000;
  alerts.check(device, T);
  quiet = false;
  alerts.check(device, T + 1);
  expect(book.list()).toMatchObject([{ kind: 'no-data', state: 'firing' }]);
  device.lastSeen = T + 2;
  alerts.check(device, T + 2);
  expect(book.list()).toMatchObject([{ kind: 'no-data', state: 'resolved' }]);
});

test('what is acknowledged stays so, and is not acknowledged twice', () => {
  device.online = 'offline';
  alerts.check(device, T);
  alerts.acknowledge(`${device.key}/offline`, T + 1, 'anna');
  alerts.acknowledge(`${device.key}/offline`, T + 2, 'ben');
  alerts.check(device, T + 3);
  expect(book.list()).toMatchObject([{ state: 'acknowledged', acknowledged: { at: T + 1, by: 'anna' } }]);
});

test('a thousand alerts in one turn are one write', async () => {
  const writes: number[] = [];
  const many = new AlertBook({
    clock,
    onChange: () => {},
    onNews: () => {},
    save: async (stored) => void writes.push(stored.size),
  });
  for (let i = 0; i < 1_000; i++) many.note(`${i}`, firing(`${i}`));
  await many.settled();
  expect(writes).toEqual([1_000]);
});

test('alerts that change all the time are written ten times a second, and the last of them too', async () => {
  const writes: string[][] = [];
  const flapping = new AlertBook({
    clock,
    onChange: () => {},
    onNews: () => {},
    save: async (stored) => void writes.push([...stored.keys()]),
  });
  for (let ms = 0; ms < 1_000; ms += 10) {
    flapping.note(`${ms}`, firing(`${ms}`));
    await turn();
    clock.advance(10);
  }
  clock.advance(100);
  await turn();
  expect(writes).toHaveLength(11);
  expect(writes[0]).toEqual(['0']);
  expect(writes.flat()).toHaveLength(100);
  expect(writes.flat().at(-1)).toBe('990');
});

test('what changes while a slow write goes on is written when that has ended', async () => {
  const writes: string[][] = [];
  let end = () => {};
  const slow = new AlertBook({
    clock,
    onChange: () => {},
    onNews: () => {},
    save: async (stored) => {
      writes.push([...stored.keys()]);
      await new Promise<void>((resolve) => (end = resolve));
    },
  });
  slow.note('a', firing('a'));
  await turn();
  slow.note('b', firing('b'));
  clock.advance(500);
  await turn();
  expect(writes).toEqual([['a']]);
  end();
  await turn();
  expect(writes).toEqual([['a'], ['b']]);
});

test('what could not be written is written with the next change', async () => {
  let fails = true;
  const written: string[] = [];
  const full = new AlertBook({
    clock,
    onChange: () => {},
    onNews: () => {},
    save: async (stored) => {
      if (fails) throw new Error('QuotaExceededError');
      written.push(...stored.keys());
    },
  });
  full.note('a', firing('a'));
  await full.settled();
  fails = false;
  full.note('b', firing('b'));
  await full.settled();
  expect(written).toEqual(['a', 'b']);
});
