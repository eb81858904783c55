import { beforeEach, expect, test } from 'vitest';
import { convention } from '../../../../src/conventions/devices.ts';
import { Reader } from '../../../../src/engine/reading/reader.ts';
import { HeldFilters } from '../../../../src/engine/link/held-filters.ts';
import { Subscriptions } from '../../../../src/engine/link/subscriptions.ts';
import { TelemetrySubscriptions } from '../../../../src/engine/link/telemetry-subscriptions.ts';
import type { TopicNotes } from '../../../../src/model/convention.ts';
import type { LinkSettings } from '../../../../src/model/link-settings.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const EVERYTHING: LinkSettings = { record: 'everything', queue: false };
const VIEWED: LinkSettings = { record: 'viewed', queue: false };
const WIDE = 'devices/+/telemetry';
const PUMP = 'devices:pump-1';
const TANK = 'devices:tank-2';

let clock: FakeClock;
let subscriptions: Subscriptions;
beforeEach(() => {
  clock = new FakeClock();
  subscriptions = new Subscriptions({
    clock,
    onChange: () => undefined,
    held: new HeldFilters(),
    denies: () => 'code',
  });
});

function telemetry(settings: LinkSettings): TelemetrySubscriptions {
  const session = convention.create({ root: 'devices' });
  subscriptions.want(session.filters().filter(({ carries }) => carries === 'telemetry'));
  const readers = new Map([['devices', new Reader('devices', session)]]);
  return new TelemetrySubscriptions({ clock, subscriptions, readers, settings });
}

const wanted = () => subscriptions.list().map(({ filter }) => filter);
const watch = (on: TelemetrySubscriptions, ...devices: string[]) => on.watch(new Set(devices));

test('everything is one wildcard, whoever looks at what', () => {
  const on = telemetry(EVERYTHING);
  watch(on, PUMP);
  expect(wanted()).toEqual([WIDE]);
  expect(on.listensSince(TANK)).toBe(0);
});

test('only what is looked at is subscribed, once for each device', () => {
  const on = telemetry(VIEWED);
  expect(wanted()).toEqual([]);
  watch(on, PUMP, TANK);
  watch(on, PUMP);
  watch(on, PUMP, TANK);
  expect(wanted()).toEqual(['devices/pump-1/telemetry', 'devices/tank-2/telemetry']);
});

test('the last viewer leaves: a few seconds later it is unsubscribed, unless somebody came back', () => {
  const on = telemetry(VIEWED);
  watch(on, PUMP, TANK);
  watch(on);
  clock.advance(4_000);
  watch(on, PUMP);
  clock.advance(1_000);
  expect(wanted()).toEqual(['devices/pump-1/telemetry']);
  expect(on.listensSince(TANK)).toBeUndefined();
  expect(on.listensSince(PUMP)).toBe(clock.now() - 5_000);
});

test('the settings change: the subscriptions follow', () => {
  const on = telemetry(EVERYTHING);
  watch(on, PUMP);
  on.change(VIEWED);
  expect(wanted()).toEqual(['devices/pump-1/telemetry']);
  on.change(EVERYTHING);
  expect(wanted()).toEqual([WIDE]);
});

test('an id that cannot be a topic subscribes nothing', () => {
  const on = telemetry(VIEWED);
  watch(on, 'devices:%2B', 'devices:a%2Fb', 'unknown:x');
  expect(wanted()).toEqual([]);
  clock.advance(10_000);
  expect(clock.waiting).toBe(0);
});

test('a topic that has been seen counts as viewed while its device is on a screen, and not before or after', () => {
  const on = telemetry(EVERYTHING);
  const isViewed = () => on.isViewed('devices/pump-1/telemetry');
  expect(isViewed()).toBe(false);
  watch(on, PUMP);
  expect(isViewed()).toBe(true);
  watch(on);
  clock.advance(5_000);
  expect(isViewed()).toBe(false);
  expect(on.isViewed('devices/pump-1/status')).toBe(true);
});

test('what is noted of a topic holds while the same devices are on a screen', () => {
  const on = telemetry(EVERYTHING);
  const notes: TopicNotes = {};
  const isViewed = () => on.isViewed('devices/pump-1/telemetry', notes);
  expect([isViewed(), isViewed()]).toEqual([false, false]);
  watch(on, PUMP);
  expect([isViewed(), isViewed()]).toEqual([true, true]);
  watch(on);
  clock.advance(10_000);
  expect([isViewed(), isViewed()]).toEqual([false, false]);
});
