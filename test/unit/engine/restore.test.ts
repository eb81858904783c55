import { beforeEach, expect, test } from 'vitest';
import type { Remembered } from '../../../src/engine/history/history.ts';
import { LiveState } from '../../../src/engine/live/live-state.ts';
import { restore } from '../../../src/engine/restore.ts';
import type { Command } from '../../../src/model/command.ts';
import { RecordedMarks } from '../../support/recorded-marks.ts';
import { OutboxWorld, PUMP } from './commands/outbox-world.ts';

const T = 1_790_000_000_000;
let live: LiveState;
let world: OutboxWorld;
beforeEach(() => {
  live = new LiveState(new RecordedMarks());
  world = new OutboxWorld();
  world.session = undefined;
});

function remember(changes: Partial<Remembered>): void {
  const nothing: Remembered = {
    series: [],
    devices: [],
    latest: new Map(),
    commands: [],
    alerts: [],
    alertRules: { own: [], adopted: [] },
    localDescriptions: [],
    clientId: 'me',
  };
  restore(live, world.outbox, { ...nothing, ...changes }, T);
}

test('a device is there with its last values, dated and from history, and looks neither online nor live', () => {
  remember({
    devices: [{ key: 'devices:a', online: 'online', statusSince: T - 90_000, lastSeen: T - 60_000 }],
    series: [{ id: 7, device: 'devices:a', channel: 't' }],
    latest: new Map([[7, { t: T - 60_000, value: 21.5 }]]),
  });
  const device = live.devices.get('devices:a');
  expect(device?.row(true)).toMatchObject({ status: 'stale', lastSeen: T - 60_000, channels: [7] });
  expect(live.channels.get(7)).toMatchObject({ value: 21.5, at: T - 60_000, source: 'history' });
});

test('the last known status of each device is shown: offline as offline, the rest as stale or unknown', () => {
  remember({
    devices: [
      { key: 'devices:off', online: 'offline', statusSince: T - 5 },
      { key: 'devices:seen', online: 'unknown', lastSeen: T - 5 },
      { key: 'devices:bare', online: 'unknown' },
    ],
  });
  const shown = [...live.devices.values()].map((device) => [device.id, device.row(true).status]);
  expect(shown).toEqual([
    ['off', 'offline'],
    ['seen', 'stale'],
    ['bare', 'unknown'],
  ]);
});

test('a link alone confirms nothing: a remembered device stays stale until it is heard of', () => {
  remember({ devices: [{ key: 'devices:a', online: 'online', lastSeen: T - 60_000 }] });
  live.link(true, T);
  const device = live.devices.get('devices:a')!;
  expect(device.row(true).status).toBe('stale');
  live.heard(device, T + 1);
  expect(device.row(true).status).toBe('online');
});

test('a channel without a sample is known and empty; one of an unknown device is left out', () => {
  remember({
    devices: [{ key: 'devices:a', online: 'unknown' }],
    series: [
      { id: 1, device: 'devices:a', channel: 't' },
      { id: 2, device: 'devices:gone', channel: 't' },
    ],
  });
  expect([...live.channels.keys()]).toEqual([1]);
  expect(live.channels.get(1)?.value).toBeUndefined();
  expect(live.devices.size).toBe(1);
});

/** A command that was just made and has ten seconds. */
function waiting(): Command {
  return {
    id: 'c',
    device: 'devices:a',
    name: 'x',
    args: {},
    by: 'ada',
    topic: 'devices/a/cmd',
    bytes: 2,
    outcome: 'queued',
    createdAt: world.clock.now(),
    deadline: world.clock.now() + 10_000,
    attempts: 0,
  };
}

test('commands that were waiting go on waiting, and go out when there is a link', () => {
  remember({ commands: [waiting()] });
  world.comeBack();
  expect(world.sent.map((sent) => sent.text)).toEqual(['c']);
});

test('what was seen of the clock says what is past, not when somebody last heard the broker before it was set back', () => {
  const now = world.clock.now();
  remember({ commands: [waiting()], heardUntil: now + 3_600_000, clockSeen: now });
  world.comeBack();
  expect(world.sent).toHaveLength(1);
});

test('the clock shows less than what was seen of it: a command that was waiting is not sent', () => {
  const now = world.clock.now();
  remember({ commands: [waiting()], heardUntil: now, clockSeen: now + 3_000 });
  world.comeBack();
  expect(world.sent).toHaveLength(0);
});

test('a command that waits for telemetry to prove it waits for it still after a reload', async () => {
  world.comeBack();
  const { id } = await world.send(60, { confirms: { channel: 'relay', equals: true } });
  const [before] = world.saved.slice(-1);
  world = new OutboxWorld();
  world.clock.set(T);
  world.session = undefined;
  remember({ commands: [{ ...before!, outcome: 'accepted', pubackAt: before!.createdAt }] });
  world.outbox.sampled(PUMP, 'relay', true);
  expect(world.command(id)).toMatchObject({ outcome: 'done', provenBy: 'telemetry' });
});
