import { beforeEach, expect, test } from 'vitest';
import { convention } from '../../../../src/conventions/devices.ts';
import { CommandSubscriptions } from '../../../../src/engine/commands/command-subscriptions.ts';
import { Reader } from '../../../../src/engine/reading/reader.ts';
import { Routes } from '../../../../src/engine/reading/routes.ts';

const CMD = 'devices/+/cmd';
const CONFIG = 'devices/+/config';

let wanted: Set<string>;
let routes: Routes;
let asked: number;
let subscriptions: CommandSubscriptions;
beforeEach(() => {
  wanted = new Set();
  routes = new Routes();
  asked = 0;
  subscriptions = new CommandSubscriptions({
    readers: new Map([['devices', new Reader('devices', convention.create({ root: 'devices' }))]]),
    routes,
    subscriptions: {
      want: (filters) => filters.every(({ filter }) => wanted.add(filter)),
      drop: (filters) => filters.forEach((filter) => wanted.delete(filter)),
    },
    onAsked: () => asked++,
  });
});

const policy = (...subscribe: string[]) =>
  subscriptions.policy({ version: 1, username: 'ada', role: 'x', subscribe, publish: [] });

test('what goes to devices is asked for where the policy document says so, and read from then on', () => {
  expect(wanted).toEqual(new Set());
  policy('devices/+/status', CONFIG);
  expect(wanted).toEqual(new Set([CONFIG]));
  expect(routes.of('devices/a/config')).toHaveLength(1);
  expect(routes.of('devices/a/cmd')).toEqual([]);
  policy('devices/#');
  expect(wanted).toEqual(new Set([CONFIG, CMD]));
  expect(asked).toBe(2);
});

test('a right that is taken away: asked for no more', () => {
  policy(CONFIG, CMD);
  policy(CMD);
  expect(wanted).toEqual(new Set([CMD]));
  expect(routes.of('devices/a/config')).toEqual([]);
  expect(asked).toBe(1);
});

test.each([
  ['code', [CONFIG, CMD]],
  ['close', []],
  ['any', []],
] as const)('without a document, at a broker that says no by %s: %j', (denies, filters) => {
  subscriptions.unknown(denies);
  expect(wanted).toEqual(new Set(filters));
});
