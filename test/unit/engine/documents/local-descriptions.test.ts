import { beforeEach, expect, test, vi } from 'vitest';
import { convention } from '../../../../src/conventions/devices.ts';
import { recordOf } from '../../../../src/engine/live/device-state.ts';
import { LiveState } from '../../../../src/engine/live/live-state.ts';
import { LocalDescriptions } from '../../../../src/engine/documents/local-descriptions.ts';
import { Reader } from '../../../../src/engine/reading/reader.ts';
import { scopedOf } from '../../../../src/engine/alerts/rule-place.ts';
import type { DeviceDescription, LocalDescription } from '../../../../src/model/device.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { RecordedMarks } from '../../../support/recorded-marks.ts';
import { emptyBrowser, openWorld } from '../history/history-world.ts';

const BOARD = 'devices:board';
const PUBLISHED: DeviceDescription = { name: 'Official', kind: 'pump', channels: new Map(), commands: [] };

let clock: FakeClock;
let live: LiveState;
const save = vi.fn<(all: readonly LocalDescription[]) => Promise<void>>();

function open(stored: readonly LocalDescription[] = []): LocalDescriptions {
  clock = new FakeClock();
  live = new LiveState(new RecordedMarks());
  const reader = new Reader('devices', convention.create({ root: 'devices' }));
  return new LocalDescriptions({ clock, live, readers: () => new Map([['devices', reader]]), stored, save });
}

beforeEach(() => {
  save.mockReset().mockResolvedValue();
});

const board = () => live.device(BOARD)!;
const mine = { name: 'Mine', kind: 'valve', channels: { t: { name: 'Soil', unit: '°C' } } };

test('it is laid over what is published, and what comes meanwhile is there when it is taken away', async () => {
  const local = open();
  live.describe(board(), PUBLISHED);
  const channel = live.channel(board(), 't', () => 1)!;
  await local.put({ device: BOARD, document: mine, over: { name: 'Official' } });
  expect(board().row(true)).toMatchObject({
    description: { name: 'Mine' },
    local: { document: mine, over: { name: 'Official' }, at: clock.now() },
  });
  expect(channel.row()).toMatchObject({ name: 'Soil', unit: '°C' });

  live.describe(board(), { ...PUBLISHED, name: 'Official, revised' });
  expect(board().description?.name).toBe('Mine');
  await local.put({ device: BOARD, document: null });
  expect(board().description?.name).toBe('Official, revised');
  expect(board().row(true).local).toBeUndefined();
  expect(save).toHaveBeenLastCalledWith([]);
});

test('what is remembered as published, and what rules look at, is never that of this browser', async () => {
  const local = open();
  live.describe(board(), PUBLISHED);
  await local.put({ device: BOARD, document: mine });
  expect(recordOf(board()).description?.name).toBe('Official');
  expect(scopedOf(board()).kind).toBe('pump');
});

test('a setting that is published as secret is not stored because this browser describes it otherwise', async () => {
  const local = open();
  const config = { type: 'object', properties: { wifi: { type: 'string', writeOnly: true } } };
  live.describe(board(), { ...PUBLISHED, config });
  await local.put({
    device: BOARD,
    document: { config: { type: 'object', properties: { wifi: { type: 'string' } } } },
  });
  board().config = { desired: { value: { wifi: 'hush' }, at: 1, source: 'live', topic: 't' } };
  expect(JSON.stringify(recordOf(board()))).not.toContain('hush');
});

test('a device that was described before it is heard of is shown so from the first message', () => {
  open([{ device: BOARD, document: mine, at: 5 }]);
  expect(board().row(true)).toMatchObject({ description: { name: 'Mine' }, local: { at: 5 } });
  expect(live.device('devices:other')?.local).toBeUndefined();
});

test('the browser cannot store it: nothing is changed, and the reason is said', async () => {
  const local = open([{ device: BOARD, document: { name: 'First' }, at: 5 }]);
  save.mockRejectedValueOnce(new Error('No room.'));
  await expect(local.put({ device: BOARD, document: mine })).rejects.toThrow('No room.');
  expect(board().description?.name).toBe('First');
  save.mockRejectedValueOnce(new Error('No room.'));
  await expect(local.put({ device: 'devices:new', document: mine })).rejects.toThrow('No room.');
  await local.put({ device: BOARD, document: null });
  expect(save).toHaveBeenLastCalledWith([]);
});

test('what nobody could publish is not taken either, nor for devices that describe themselves only', async () => {
  const local = open();
  await expect(local.put({ device: BOARD, document: { interval: Infinity } })).rejects.toThrow(
    'cannot write',
  );
  await expect(local.put({ device: 'other:x', document: mine })).rejects.toThrow('describe themselves only');
  expect(save).not.toHaveBeenCalled();
});

test('more than 200 devices are refused, and one that is there already can still be changed', async () => {
  const stored = Array.from({ length: 200 }, (_, i) => ({ device: `devices:d${i}`, document: mine, at: 1 }));
  const local = open(stored);
  await expect(local.put({ device: BOARD, document: mine })).rejects.toThrow('200 devices already');
  await local.put({ device: 'devices:d7', document: { name: 'Seven' } });
  expect(live.device('devices:d7')?.description?.name).toBe('Seven');
});

test('it is there after a reload, and a tab that has lost the lead cannot write over it', async () => {
  emptyBrowser();
  const first = await openWorld();
  await first.history.saveLocalDescriptions([{ device: BOARD, document: mine, over: null, at: 5 }]);
  const second = await openWorld();
  expect(second.history.remembered.localDescriptions).toEqual([
    { device: BOARD, document: mine, over: null, at: 5 },
  ]);
  await expect(first.history.saveLocalDescriptions([])).rejects.toThrow(
    'could not be stored in this browser',
  );
  const third = await openWorld();
  expect(third.history.remembered.localDescriptions).toHaveLength(1);
});
