import { describe, expect, test } from 'vitest';
import { readMeta } from '../../../src/conventions/devices/meta.ts';

const read = (meta: unknown) => readMeta(new TextEncoder().encode(JSON.stringify(meta)));

const PUMP = {
  name: 'Pump 1',
  model: 'P-200',
  location: 'Hall 2',
  kind: 'pump',
  interval: 5,
  channels: {
    flow: { name: 'Flow', unit: 'l/min', min: 0, max: 60, precision: 1, kind: 'number' },
    relay: { kind: 'boolean' },
  },
  commands: [
    {
      name: 'relay',
      title: 'Switch the relay',
      args: { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] },
      confirm: true,
      confirms: { channel: 'relay', equals: true },
    },
    { name: 'reboot' },
  ],
  config: { type: 'object', properties: { interval: { type: 'integer', minimum: 1 } } },
};

test('everything that the contract knows is read', () => {
  const { description, problems } = read(PUMP);
  expect(problems).toEqual([]);
  expect(description).toEqual({
    ...PUMP,
    channels: new Map(Object.entries(PUMP.channels)),
  });
});

test('nothing is needed, null is nothing, and what the contract does not know is ignored', () => {
  for (const meta of [
    {},
    { name: null, interval: null, channels: null, commands: null, config: null },
    { firmware: '1.2' },
  ]) {
    expect(read(meta)).toEqual({
      description: { channels: new Map(), commands: [] },
      document: expect.anything() as unknown,
      problems: [],
    });
  }
});

describe('one wrong field is left out and named; the others stay', () => {
  test.each([
    ['name', 7, 'a text'],
    ['name', ' \u202e ', 'a text that is not empty'],
    ['model', {}, 'a text'],
    ['location', ['x'], 'a text'],
    ['kind', false, 'a text'],
    ['interval', '5', 'a number from 0.1 to 2678400'],
    ['interval', 0, 'a number from 0.1 to 2678400'],
    ['interval', -3, 'a number from 0.1 to 2678400'],
    ['interval', 1e9, 'a number from 0.1 to 2678400'],
    ['channels', [], 'an object'],
    ['channels', 'flow', 'an object'],
    ['commands', {}, 'a list'],
  ])('%s = %j', (field, value, wanted) => {
    const { description, problems } = read({ ...PUMP, [field]: value });
    expect(problems).toEqual([`Meta field "${field}" must be ${wanted}; it was left out.`]);
    expect(description).toMatchObject(field === 'name' ? { model: 'P-200' } : { name: 'Pump 1' });
    const left = description?.[field as 'name'];
    expect(field === 'channels' ? description?.channels.size : (left ?? [])).toEqual(
      field === 'channels' ? 0 : [],
    );
  });

  test.each([
    ['name', 5, 'a text'],
    ['unit', true, 'a text'],
    ['min', '0', `a number from ${-Number.MAX_VALUE} to ${Number.MAX_VALUE}`],
    ['max', [], `a number from ${-Number.MAX_VALUE} to ${Number.MAX_VALUE}`],
    ['precision', 11, 'a number from 0 to 10'],
    ['precision', 1.5, 'a whole number of digits'],
    ['kind', 'float', '"number", "boolean" or "text"'],
  ])('channels.flow.%s = %j', (field, value, wanted) => {
    const { description, problems } = read({ channels: { flow: { ...PUMP.channels.flow, [field]: value } } });
    expect(problems).toEqual([`Meta field "channels.flow.${field}" must be ${wanted}; it was left out.`]);
    expect(description?.channels.get('flow')?.[field as 'name']).toBeUndefined();
    expect(description?.channels.get('flow')).toMatchObject(
      field === 'unit' ? { name: 'Flow' } : { unit: 'l/min' },
    );
  });

  test('a range that is upside down has no ends', () => {
    const { description, problems } = read({ channels: { t: { min: 5, max: 5, unit: '°C' } } });
    expect(description?.channels.get('t')).toEqual({ unit: '°C' });
    expect(problems).toEqual(['Meta field "channels.t.min" must be less than "max"; it was left out.']);
  });

  test('a channel that is no object, or has a name that no channel has', () => {
    const { description, problems } = read({ channels: { t: 'temperature', '': {}, 'a\nb': {}, h: {} } });
    expect([...(description?.channels.keys() ?? [])]).toEqual(['h']);
    expect(problems).toHaveLength(3);
  });

  test.each([
    [{ title: 'x' }, 'commands.0.name', 'a text of 1 to 64 characters that can be shown'],
    [{ name: '' }, 'commands.0.name', 'a text of 1 to 64 characters that can be shown'],
    [{ name: 'a\u202eb' }, 'commands.0.name', 'a text of 1 to 64 characters that can be shown'],
    [{ name: 'x'.repeat(65) }, 'commands.0.name', 'a text of 1 to 64 characters that can be shown'],
    ['reboot', 'commands.0', 'an object'],
  ])('a command without a usable name or schema is no command: %j', (command, path, wanted) => {
    const { description, problems } = read({ commands: [command, { name: 'ok' }] });
    expect(description?.commands).toEqual([{ name: 'ok' }]);
    expect(problems).toEqual([`Meta field "${path}" must be ${wanted}; it was left out.`]);
  });

  test.each([
    [{ title: 5 }, 'title', 'a text'],
    [{ confirm: 'yes' }, 'confirm', 'true or false'],
    [{ confirms: true }, 'confirms', 'an object'],
    [{ confirms: { equals: 1 } }, 'confirms.channel', 'the name of a channel'],
    [{ confirms: { channel: 'a', equals: null } }, 'confirms.equals', 'a number, a text, true or false'],
    [{ confirms: { channel: 'a', equals: [1] } }, 'confirms.equals', 'a number, a text, true or false'],
  ])('a wrong detail of a command: %j', (detail, path, wanted) => {
    const { description, problems } = read({ commands: [{ name: 'a', ...detail }] });
    expect(description?.commands).toEqual([{ name: 'a' }]);
    expect(problems).toEqual([`Meta field "commands.0.${path}" must be ${wanted}; it was left out.`]);
  });
});

test('two commands of one name: the first', () => {
  const { description, problems } = read({
    commands: [
      { name: 'a', title: '1' },
      { name: 'a', title: '2' },
    ],
  });
  expect(description?.commands).toEqual([{ name: 'a', title: '1' }]);
  expect(problems).toEqual([
    'Meta field "commands.1.name" must be a name that no other command has; it was left out.',
  ]);
});

test('a config that is no schema is left out alone', () => {
  const { description, problems } = read({ ...PUMP, config: 'x' });
  expect(description?.config).toBeUndefined();
  expect(description?.commands).toHaveLength(2);
  expect(problems).toEqual(['Meta field "config" was left out: the schema is not an object.']);
});

test('a schema with a pattern costs the command, and says so', () => {
  const { description, problems } = read({ commands: [{ name: 'a', args: { pattern: '(a+)+$' } }] });
  expect(description?.commands).toEqual([]);
  expect(problems).toEqual([
    'Meta field "commands.0.args" was left out: the schema uses "pattern", which is not read from a device; write it without.',
  ]);
});

test('names are cut and cleaned, not trusted', () => {
  const { description } = read({
    name: 'x'.repeat(500),
    model: '\u202eP\n1',
    channels: { t: { unit: 'u'.repeat(40) } },
  });
  expect(description?.name).toBe(`${'x'.repeat(80)}…`);
  expect(description?.model).toBe('P 1');
  expect(description?.channels.get('t')?.unit).toBe(`${'u'.repeat(16)}…`);
});

test('names that reach for a prototype are not in the description', () => {
  const bytes = new TextEncoder().encode(
    '{"channels":{"__proto__":{"unit":"x"},"t":{"constructor":{},"__proto__":{"unit":"y"}}},"__proto__":{"name":"evil"}}',
  );
  const { description, problems } = readMeta(bytes);
  expect(problems).toEqual([]);
  expect(description?.name).toBeUndefined();
  expect(description?.channels).toEqual(new Map([['t', {}]]));
  expect(({} as { unit?: string }).unit).toBeUndefined();
});

test('more than there is room for', () => {
  const channels = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`c${i}`, {}]));
  const commands = Array.from({ length: 60 }, (_, i) => ({ name: `n${i}` }));
  const { description, problems } = read({ channels, commands });
  expect(description?.channels.size).toBe(200);
  expect(description?.commands).toHaveLength(50);
  expect(problems).toEqual([
    'Meta field "channels.c200" must be one of at most 200 channels; it was left out.',
    'Meta field "commands.50" must be one of at most 50 commands; it was left out.',
  ]);
});

test('many wrong fields are ten sentences and a count', () => {
  const channels = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, 1]));
  const { problems } = read({ channels });
  expect(problems).toHaveLength(11);
  expect(problems[10]).toBe('Meta has 20 more fields that were left out.');
});

test.each([
  ['[]', 'Meta is not an object; send one such as {"name":"Pump 1"}.'],
  ['"Pump"', 'Meta is not an object; send one such as {"name":"Pump 1"}.'],
  ['{"name":"Pump"', 'Meta is not JSON: at character 15 "," or "}" is expected, but it ends there.'],
])('%s is no description', (payload, sentence) => {
  expect(readMeta(new TextEncoder().encode(payload))).toEqual({ problems: [sentence] });
});
