import { expect, test } from 'vitest';
import type { ChannelRow } from '../../../../src/engine-api/frame.ts';
import type { DeviceDescription } from '../../../../src/model/device.ts';
import { newCommand } from '../../../../src/ui/pages/device/describe/command-draft.ts';
import { newField } from '../../../../src/ui/pages/device/describe/config-schema-draft.ts';
import {
  descriptionDraft,
  readDescriptionDraft,
  type DescriptionDraft,
} from '../../../../src/ui/pages/device/describe/description-draft.ts';
import { guessUnit } from '../../../../src/ui/pages/device/describe/guess.ts';

const seen = (channel: string): ChannelRow => ({
  series: 1,
  device: 'devices:a',
  channel,
  name: channel,
  kind: 'number',
});

const switchArgs = { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] };
const FULL: DeviceDescription = {
  name: 'Pump',
  model: undefined,
  location: undefined,
  kind: undefined,
  interval: 2.5,
  channels: new Map([['t', { name: 'Water', unit: '°C', min: -5, max: 90, precision: 1, kind: undefined }]]),
  commands: [
    {
      name: 'on',
      title: undefined,
      args: switchArgs,
      confirm: true,
      confirms: { channel: 'on', equals: '1' },
    },
    { name: 'stop', title: 'Stop', args: undefined, confirm: undefined, confirms: undefined },
    {
      name: 'odd',
      title: undefined,
      args: { anyOf: [{ type: 'number' }, { type: 'string' }] },
      confirm: undefined,
      confirms: undefined,
    },
  ],
  config: { type: 'object', properties: { every: { type: 'integer', minimum: 1 } } },
};

function described(change: (draft: DescriptionDraft) => void, from?: DeviceDescription): DeviceDescription {
  const draft = descriptionDraft(from, [seen('t')]);
  change(draft);
  const reading = readDescriptionDraft(draft);
  if (!reading.ok) throw new Error(reading.faults.join(' '));
  return reading.description;
}

function faults(change: (draft: DescriptionDraft) => void): readonly string[] {
  const draft = descriptionDraft(undefined, [seen('t')]);
  change(draft);
  const reading = readDescriptionDraft(draft);
  return reading.ok ? [] : reading.faults;
}

test('a description that is opened and not touched is the same description', () => {
  expect(described(() => {}, FULL)).toEqual(FULL);
});

test('a channel that was seen has a line, and is described only when something is filled in', () => {
  expect(described(() => {}).channels.size).toBe(0);
  const { channels } = described((draft) => (draft.channels[0]!.max = '1,5'));
  expect(channels.get('t')).toMatchObject({ max: 1.5 });
});

test('a configuration that fields cannot say is kept as JSON', () => {
  const config = { type: 'object', properties: { a: { type: 'string', format: 'ipv4' } }, required: ['a'] };
  const draft = descriptionDraft({ ...FULL, config }, []);
  expect(draft.config.asJson).toBe(true);
  expect(described(() => {}, { ...FULL, config }).config).toEqual(config);
});

test('each template makes its arguments', () => {
  const { commands } = described((draft) => {
    draft.commands = [
      { ...newCommand('switch'), name: 'a' },
      { ...newCommand('value'), name: 'b', max: '9' },
      { ...newCommand('button'), name: 'c' },
      { ...newCommand('json'), name: 'd', channel: 'mode', equals: 'eco' },
    ];
  });
  expect(commands).toMatchObject([
    { name: 'a', args: switchArgs },
    { name: 'b', args: { properties: { value: { type: 'number', maximum: 9 } }, required: ['value'] } },
    { name: 'c' },
    { name: 'd', args: { type: 'object' }, confirms: { channel: 'mode', equals: 'eco' } },
  ]);
  expect(commands[2]?.args).toBeUndefined();
});

test.each<[string, (draft: DescriptionDraft) => void, string]>([
  ['an interval in words', (draft) => (draft.interval = 'often'), 'The interval must be a number'],
  ['an interval of nothing', (draft) => (draft.interval = '0'), 'must be from 0.1'],
  [
    'limits upside down',
    (draft) => Object.assign(draft.channels[0]!, { min: '5', max: '1' }),
    'below the upper',
  ],
  ['half a digit', (draft) => (draft.channels[0]!.precision = '1.5'), 'whole number'],
  ['a command without a name', (draft) => draft.commands.push(newCommand('button')), 'has no name'],
  [
    'a reference in a schema',
    (draft) => draft.commands.push({ ...newCommand('json'), name: 'a', schema: '{"$ref":"#"}' }),
    '"$ref"',
  ],
  [
    'a schema that is no JSON',
    (draft) => draft.commands.push({ ...newCommand('json'), name: 'a', schema: '{' }),
    'is not JSON',
  ],
  ['a setting without a name', (draft) => draft.config.fields.push(newField()), 'A setting has no name'],
  [
    'two commands of one name',
    (draft) => {
      for (let i = 0; i < 2; i++) draft.commands.push({ ...newCommand('button'), name: 'x' });
    },
    'Two commands are called "x"',
  ],
])('%s is named in one sentence', (_what, change, sentence) => {
  expect(faults(change)).toEqual([expect.stringContaining(sentence)]);
});

test.each([
  ['t', '°C'],
  ['room.humidity', '%'],
  ['V2', 'V'],
  ['toString', undefined],
])('the unit of %s is guessed as %s', (channel, unit) => {
  expect(guessUnit(channel)).toBe(unit);
});
