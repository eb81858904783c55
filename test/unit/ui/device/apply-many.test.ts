import { expect, test } from 'vitest';
import { convention } from '../../../../src/conventions/devices.ts';
import { Descriptions } from '../../../../src/engine/documents/descriptions.ts';
import { Reader } from '../../../../src/engine/reading/reader.ts';
import type { DeviceRow } from '../../../../src/engine-api/frame.ts';
import type { DeviceDescription } from '../../../../src/model/device.ts';
import { alikeDevices } from '../../../../src/ui/pages/device/describe/alike.ts';
import { planApply, type AskEngine } from '../../../../src/ui/pages/device/describe/plan-apply.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { noLocalDescriptions } from '../../../support/no-local-descriptions.ts';

const EMPTY = { channels: new Map(), commands: [] };
const PUMP: DeviceDescription = {
  name: 'Pump 1',
  location: 'Cellar',
  kind: 'pump',
  channels: new Map([['t', { unit: '°C' }]]),
  commands: [{ name: 'stop' }],
};

const row = (key: string, description?: DeviceDescription): DeviceRow => ({
  key,
  id: key,
  status: 'online',
  channels: [1],
  problems: 0,
  ...(description && { description }),
});

const engine = new Descriptions(
  {
    clock: new FakeClock(),
    readers: () => new Map([['devices', new Reader('devices', convention.create({ root: 'devices' }))]]),
    session: () => undefined,
    pubackProves: () => true,
    limits: () => ({ packetBytes: undefined, messageBytes: undefined }),
    retainedOnWildcards: () => true,
    delivers: () => true,
  },
  noLocalDescriptions(),
);
const ask = ((name: string, arg: never) =>
  Promise.resolve().then(() =>
    name === 'describedAs' ? engine.document(arg) : engine.draft(arg),
  )) as unknown as AskEngine;

test('alike are those of the same kind, and those of none that send the same channels', () => {
  const rows = [
    row('devices:a', PUMP),
    row('devices:b', { ...EMPTY, kind: 'pump' }),
    row('devices:c', { ...EMPTY, kind: 'valve' }),
    row('devices:bare'),
    row('devices:named', { ...EMPTY, name: 'Board' }),
    row('devices:other'),
    row('homie:b', { ...EMPTY, kind: 'pump' }),
  ];
  const channelsOf = ({ key }: DeviceRow) => (key === 'devices:other' ? ['x'] : ['t']);
  expect(alikeDevices(rows[0] as DeviceRow, rows, channelsOf)).toEqual([
    { id: 'same-kind', keys: ['devices:b'] },
    { id: 'no-kind', keys: ['devices:bare', 'devices:named'] },
  ]);
  const silent = { ...row('devices:x'), channels: [] };
  expect(alikeDevices(silent, [silent, { ...silent, key: 'devices:y' }], () => [])).toEqual([]);
});

test('a device keeps its name, its location and what no console knows, and takes the rest', async () => {
  const over = {
    name: 'Pump 2',
    location: 'Roof',
    vendor: 'kept',
    channels: { t: { unit: 'F', colour: 'red' } },
  };
  engine.take('devices:b', over);
  const planned = await planApply(ask, 'devices:b', PUMP, undefined, true);
  expect(planned.document).toEqual({
    name: 'Pump 2',
    location: 'Roof',
    vendor: 'kept',
    kind: 'pump',
    channels: { t: { unit: '°C', colour: 'red' } },
    commands: [{ name: 'stop' }],
  });
  expect(planned.over).toEqual(over);
  expect(planned.differences.map(({ path }) => path.join('.')).sort()).toEqual([
    'channels.t.unit',
    'commands.stop',
    'kind',
  ]);
});

test('a command that differs is named, not the whole list', async () => {
  engine.take('devices:c', { kind: 'pump', commands: [{ name: 'stop' }, { name: 'old' }] });
  const { differences } = await planApply(
    ask,
    'devices:c',
    { ...EMPTY, kind: 'pump', commands: [{ name: 'stop' }] },
    undefined,
    true,
  );
  expect(differences).toEqual([{ path: ['commands', 'old'], from: { name: 'old' }, to: undefined }]);
});

test('a device that is described so already differs in nothing', async () => {
  engine.take('devices:d', { name: 'D', kind: 'pump' });
  expect(
    await planApply(ask, 'devices:d', { ...EMPTY, name: 'Other', kind: 'pump' }, undefined, true),
  ).toMatchObject({
    differences: [],
    document: { name: 'D', kind: 'pump' },
  });
});

test('a device of which nothing is known yet, or that may not be described, says why', async () => {
  expect((await planApply(ask, 'devices:late', PUMP, undefined, true)).fault).toContain('has not come yet');
  expect((await planApply(ask, 'devices:b', PUMP, 'This sign-in may not.', true)).fault).toBe(
    'This sign-in may not.',
  );
  const infinite = { ...EMPTY, interval: Infinity };
  expect((await planApply(ask, 'devices:b', infinite, undefined, true)).fault).toContain(
    'a number that JSON cannot write',
  );
});

test('where the broker keeps back what it keeps, a description that has not come is not taken for none', async () => {
  const planned = await planApply(ask, 'devices:late', PUMP, undefined, false);
  expect(planned).toMatchObject({ over: null, unseen: true, document: { kind: 'pump' } });
  expect(planned.differences.length).toBeGreaterThan(0);
  engine.take('devices:late', null);
  const seen = await planApply(ask, 'devices:late', PUMP, undefined, false);
  expect(seen.unseen).toBeUndefined();
});
