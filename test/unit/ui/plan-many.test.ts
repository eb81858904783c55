import { describe, expect, test } from 'vitest';
import type { DeviceRow } from '../../../src/engine-api/frame.ts';
import type { Command } from '../../../src/model/command.ts';
import type { SafeSchema } from '../../../src/model/device.ts';
import { stillFitting } from '../../../src/ui/live/config-again.ts';
import { fieldKey, NO_EDITS, withEdit } from '../../../src/ui/pages/device/config/config-fields.ts';
import { configGroups, fieldsForMany, planMany } from '../../../src/ui/pages/fleet/configure/plan-many.ts';

const TANK: SafeSchema = {
  type: 'object',
  properties: { high: { type: 'number', maximum: 98 }, auto: { type: 'boolean', default: true } },
};
const BOILER: SafeSchema = { type: 'object', properties: { limit: { type: 'number' } } };

function row(key: string, kind: string, schema: SafeSchema | undefined, desired?: unknown): DeviceRow {
  return {
    key,
    id: key,
    status: 'online',
    channels: [],
    problems: 0,
    description: {
      kind,
      channels: new Map(),
      commands: [],
      ...(schema && { config: structuredClone(schema) }),
    },
    ...(desired !== undefined && {
      config: { desired: { value: desired, at: 0, source: 'live', topic: 't' } },
    }),
  };
}

const rows = [
  row('boiler', 'boiler', BOILER),
  row('a', 'tank', TANK, { high: 90, label: 'roof' }),
  row('b', 'tank', TANK),
  row('c', 'cistern', TANK, { high: 95.0 }),
  row('sketch', 'sketch', undefined),
];
const [tanks] = configGroups(rows) as [ReturnType<typeof configGroups>[0]];
const high = fieldsForMany(TANK)[0] as ReturnType<typeof fieldsForMany>[0];
const plan = (entry: string) => planMany(tanks, rows.slice(1, 4), withEdit(NO_EDITS, high, entry));

describe('one change of configuration to many devices', () => {
  test('those that take the same are one group, whatever they call themselves', () => {
    expect(configGroups(rows).map(({ keys, kinds }) => [keys, kinds])).toEqual([
      [
        ['a', 'b', 'c'],
        ['cistern', 'tank'],
      ],
      [['boiler'], ['boiler']],
    ]);
  });

  test('a switch can be left alone as well', () => {
    expect(fieldsForMany(TANK).map(({ kind, initial, required }) => [kind, initial, required])).toEqual([
      ['number', '', true],
      ['choice', '', true],
    ]);
  });

  test('each keeps what is not changed, and one that is asked so already is not asked again', () => {
    expect(plan('95')).toEqual([
      {
        key: 'a',
        base: { high: 90, label: 'roof' },
        value: { high: 95, label: 'roof' },
        differences: [{ path: ['high'], from: 90, to: 95 }],
      },
      {
        key: 'b',
        base: null,
        value: { high: 95 },
        differences: [{ path: ['high'], from: undefined, to: 95 }],
      },
      { key: 'c', base: { high: 95 }, value: { high: 95 }, differences: [] },
    ]);
  });

  test('what cannot be asked says why, and changes nothing', () => {
    for (const { fault, differences } of plan('99')) {
      expect(fault).toBe('high has to be a number of at most 98.');
      expect(differences).toEqual([]);
    }
  });

  test('a name from outside is no way into a prototype', () => {
    const schema = { type: 'object', properties: { valueOf: { type: 'number' } } };
    const [group] = configGroups([row('x', 'x', schema)]);
    const [field] = fieldsForMany(schema);
    expect(
      planMany(group!, [row('x', 'x', schema)], withEdit(NO_EDITS, field!, '1'))[0]?.differences,
    ).toHaveLength(1);
    expect(fieldKey(field!)).toBe('["valueOf"]');
  });
});

test('asked once more: only of devices of which nobody else has asked something since', () => {
  const command = (device: string, base: unknown, args: unknown) =>
    ({ device, args, config: { base } }) as Command;
  const byKey = new Map(rows.map((one) => [one.key, one]));
  const again = stillFitting(
    [
      command('a', { high: 90, label: 'roof' }, { high: 95, label: 'roof' }),
      command('b', { high: 1 }, { high: 95 }),
      command('c', { high: 90 }, { high: 95 }),
    ],
    (key) => byKey.get(key),
  );
  expect(again.commands.map(({ device }) => device)).toEqual(['a', 'c']);
  expect(again.each).toEqual([
    { args: { high: 95, label: 'roof' }, config: { base: { high: 90, label: 'roof' } } },
    { args: { high: 95 }, config: { base: { high: 95 } } },
  ]);
  expect(again.left).toContain('1 device left out');
});
