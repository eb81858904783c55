import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../src/model/command.ts';
import type { SafeSchema } from '../../../../src/model/device.ts';
import { forbidden } from '../../../../src/ui/pages/device/command-gate.ts';
import { deviceTopic } from '../../../../src/ui/pages/device/device-topic.ts';
import { formFields } from '../../../../src/ui/pages/device/form-fields.ts';
import { readDraft } from '../../../../src/ui/pages/device/read-draft.ts';
import { sliderOf } from '../../../../src/ui/pages/device/slider.ts';

const listOf = (items: SafeSchema): SafeSchema => ({ type: 'array', items });

const setpoint: SafeSchema = {
  type: 'object',
  required: ['value', 'on', 'mode'],
  properties: {
    value: { type: 'number', title: 'Setpoint', minimum: 30, maximum: 80, default: 60 },
    on: { type: 'boolean' },
    mode: { enum: ['eco', 'comfort', 3] },
    boost: { type: 'boolean' },
    count: { type: 'integer', minimum: 1 },
    ramp: { type: 'object', properties: { seconds: { type: 'integer' } }, required: ['seconds'] },
  },
};

const fields = formFields(setpoint, (name) => (name === 'value' ? '°C' : undefined)) ?? [];

describe('a form from a JSON Schema', () => {
  test('has an input for each argument, one level of objects included', () => {
    expect(fields.map(({ path, kind, required }) => [path.join('.'), kind, required])).toEqual([
      ['value', 'number', true],
      ['on', 'boolean', true],
      ['mode', 'choice', true],
      ['boost', 'choice', false],
      ['count', 'integer', false],
      ['ramp.seconds', 'integer', false],
    ]);
    expect(fields[0]).toMatchObject({ label: 'Setpoint', unit: '°C', min: 30, max: 80, initial: '60' });
  });

  test('is read into the arguments, leaving out what was left out', () => {
    expect(readDraft(fields, ['61,5', true, '3', '', '', '10'])).toEqual({
      ok: true,
      args: { value: 61.5, on: true, mode: 3, ramp: { seconds: 10 } },
    });
  });

  test('names each wrong field in one sentence', () => {
    const reading = readDraft(fields, ['95', false, '', '', '1.5', 'x']);
    expect(reading.ok ? [] : [...reading.wrong]).toEqual([
      [0, 'Setpoint has to be a number from 30 to 80.'],
      [2, 'mode is needed.'],
      [4, 'count has to be a whole number of at least 1.'],
      [5, 'seconds has to be a whole number.'],
    ]);
  });

  test('says that a number is no multiple, also where floating point is not exact', () => {
    const schema = { properties: { a: { type: 'number', title: 'Gain', minimum: 0, multipleOf: 0.1 } } };
    const gain = formFields(schema) ?? [];
    expect(readDraft(gain, ['0,7'])).toEqual({ ok: true, args: { a: 0.7 } });
    const reading = readDraft(gain, ['0.75']);
    expect(reading.ok ? [] : [...reading.wrong]).toEqual([
      [0, 'Gain has to be a number of at least 0, a multiple of 0.1.'],
    ]);
  });

  test('sends an object that has to be there also where nothing in it was filled in', () => {
    const speed = { type: 'object', properties: { speed: { type: 'integer' } } };
    const schema = { required: ['fan'], properties: { fan: speed, pump: speed } };
    expect(readDraft(formFields(schema) ?? [], ['', ''])).toEqual({ ok: true, args: { fan: {} } });
    expect(readDraft(formFields(schema) ?? [], ['3', ''])).toEqual({ ok: true, args: { fan: { speed: 3 } } });
  });

  test('names the object of an input where another input is called the same', () => {
    const inside = (title: string | undefined, ...names: string[]): SafeSchema => ({
      type: 'object',
      ...(title && { title }),
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    });
    const schema = { properties: { wifi: inside('Wi-Fi', 'name', 'key'), mqtt: inside(undefined, 'name') } };
    expect((formFields(schema) ?? []).map(({ label }) => label)).toEqual([
      'Wi-Fi: name',
      'key',
      'mqtt: name',
    ]);
  });

  test('without arguments has no inputs, and of one scalar has one', () => {
    expect(formFields(undefined)).toEqual([]);
    expect(formFields({ type: 'object' })).toEqual([]);
    const one = formFields({ type: 'boolean' }) ?? [];
    expect(readDraft(one, [true])).toEqual({ ok: true, args: true });
  });

  test.each<[string, SafeSchema]>([
    ['a list of anything', { type: 'object', properties: { a: { type: 'array' } } }],
    ['a list of lists', { properties: { a: listOf({ type: 'array', items: { type: 'number' } }) } }],
    [
      'a list of objects with objects in them',
      { properties: { a: listOf({ type: 'object', properties: { b: { type: 'object' } } }) } },
    ],
    [
      'a list of objects with lists in them',
      { properties: { a: listOf({ type: 'object', properties: { b: listOf({ type: 'number' }) } }) } },
    ],
    ['a list of more entries than are typed', { ...listOf({ type: 'number' }), minItems: 1_000 }],
    [
      'two levels of objects',
      { properties: { a: { type: 'object', properties: { b: { type: 'object' } } } } },
    ],
    ['a schema that is true', { properties: { a: true } }],
    ['choices that are objects', { properties: { a: { enum: [{}] } } }],
  ])('%s has no form: its arguments are typed as JSON', (_, schema) => {
    expect(formFields(schema)).toBeUndefined();
  });

  test('an argument called __proto__ becomes a member, not a prototype', () => {
    const schema = JSON.parse(
      '{"properties":{"__proto__":{"type":"object","properties":{"x":{"type":"string"}}}}}',
    );
    const hostile = formFields(schema as SafeSchema) ?? [];
    const reading = readDraft(hostile, ['1']);
    expect(reading.ok && JSON.stringify(reading.args)).toBe('{"__proto__":{"x":"1"}}');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('a list in a form', () => {
  const steps: SafeSchema = {
    type: 'object',
    required: ['steps'],
    properties: {
      steps: {
        ...listOf({
          type: 'object',
          required: ['speed'],
          properties: {
            speed: { type: 'integer', title: 'Speed', unit: 'rpm', minimum: 0, maximum: 3_000 },
            note: { type: 'string' },
          },
        }),
        title: 'Steps',
        minItems: 1,
        maxItems: 3,
      },
      pins: { ...listOf({ type: 'integer', minimum: 0 }), default: [4, 5] },
    },
  };
  const inputs = formFields(steps) ?? [];

  test('begins with as many entries as it has to have, or with those that the schema proposes', () => {
    expect(inputs.map(({ initial }) => initial)).toEqual([[['', '']], [['4'], ['5']]]);
  });

  test('is read into its entries, in their order, and left out where it is not set', () => {
    const draft = [
      [
        ['200', 'slowly'],
        ['100', ''],
      ],
      '' as const,
    ];
    expect(readDraft(inputs, draft)).toEqual({
      ok: true,
      args: { steps: [{ speed: 200, note: 'slowly' }, { speed: 100 }] },
    });
  });

  test.each<[string, readonly (readonly string[])[], string]>([
    ['too few entries', [], 'Steps has to have at least 1 entry; it has 0.'],
    [
      'too many entries',
      ['1', '2', '3', '4'].map((speed) => [speed, '']),
      'Steps has to have at most 3 entries; it has 4.',
    ],
    [
      'a wrong entry',
      [
        ['1', ''],
        ['9000', ''],
      ],
      'Entry 2 of Steps: Speed has to be a whole number from 0 to 3000.',
    ],
  ])('with %s says so in one sentence', (_, rows, sentence) => {
    const reading = readDraft(inputs, [rows, []]);
    expect(reading.ok ? [] : [...reading.wrong]).toEqual([[0, sentence]]);
  });

  test('an optional one that is empty goes as an empty list, which is not the same as not set', () => {
    const optional = formFields({ properties: { tags: listOf({ type: 'string' }) } }) ?? [];
    expect(optional[0]?.initial).toBe('');
    expect(readDraft(optional, [''])).toEqual({ ok: true, args: {} });
    expect(readDraft(optional, [[]])).toEqual({ ok: true, args: { tags: [] } });
    const proposed = formFields({ properties: { tags: { ...listOf({ type: 'string' }), default: [] } } });
    expect(proposed?.[0]?.initial).toEqual([]);
  });

  test('inside an object is read into that object, entries of objects included', () => {
    const range = { type: 'object', required: ['from'], properties: { from: { type: 'integer' } } };
    const plan = { type: 'object', properties: { days: listOf(range) } };
    const fields = formFields({ properties: { plan } }) ?? [];
    expect(fields.map(({ path, kind }) => [path.join('.'), kind])).toEqual([['plan.days', 'list']]);
    expect(readDraft(fields, [[['6'], ['18']]])).toEqual({
      ok: true,
      args: { plan: { days: [{ from: 6 }, { from: 18 }] } },
    });
  });

  test('the whole arguments of a command can be a list', () => {
    const fields = formFields(listOf({ enum: ['red', 'green'] })) ?? [];
    expect(readDraft(fields, [[['green'], ['red']]])).toEqual({ ok: true, args: ['green', 'red'] });
  });

  test('an entry with a member called __proto__ is an object with that member', () => {
    const entry: unknown = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}');
    const fields = formFields(listOf(entry as SafeSchema)) ?? [];
    const reading = readDraft(fields, [[['x']]]);
    expect(reading.ok && JSON.stringify(reading.args)).toBe('[{"__proto__":"x"}]');
  });
});

describe('units and limits of a number', () => {
  const one = (schema: SafeSchema) => formFields({ properties: { a: schema } }, () => 'V')?.[0];

  test('the unit that the schema names wins over that of a channel of the same name', () => {
    expect(one({ type: 'number', unit: 'mV' })?.unit).toBe('mV');
    expect(one({ type: 'number' })?.unit).toBe('V');
  });

  test.each<[string, SafeSchema, ReturnType<typeof sliderOf>]>([
    ['any value', { type: 'number', minimum: 30, maximum: 80 }, { min: 30, max: 80, step: 1 }],
    [
      'any value in a narrow range',
      { type: 'number', minimum: 0, maximum: 3.3 },
      { min: 0, max: 3.3, step: 0.05 },
    ],
    ['any whole number', { type: 'integer', minimum: 0, maximum: 255 }, { min: 0, max: 255, step: 1 }],
    [
      'multiples',
      { type: 'integer', minimum: 12, maximum: 60, multipleOf: 5 },
      { min: 15, max: 60, step: 5 },
    ],
    ['no upper limit', { type: 'number', minimum: 0 }, undefined],
    ['one value only', { type: 'number', minimum: 1, maximum: 1 }, undefined],
    ['limits that are the wrong way round', { type: 'number', minimum: 2, maximum: 1 }, undefined],
    ['the widest limits there are', { type: 'number', minimum: -1.7e308, maximum: 1.7e308 }, undefined],
    ['no multiple between its limits', { type: 'integer', minimum: 1, maximum: 4, multipleOf: 5 }, undefined],
  ])('a number with %s is slid in steps that reach its limits, or typed', (_, schema, slider) => {
    const field = one(schema);
    expect(field?.kind === 'list' || field === undefined ? field : sliderOf(field)).toEqual(slider);
  });
});

describe('the gate of a form is a hint', () => {
  const policy = {
    version: 1,
    username: 'viewer',
    role: 'viewer',
    subscribe: [],
    publish: ['devices/a/cmd'],
  } as const;

  const HOUR = 3_600_000;
  const topic = deviceTopic('devices:b', 'devices', 'cmd') ?? '';
  const sent = (at: number, what: Partial<Command>) =>
    ({ topic, attempts: 1, createdAt: at, settledAt: at, outcome: 'refused', ...what }) as Command;

  test('says which topic this sign-in may not write, and that the document says so', () => {
    expect(forbidden(policy, topic, [], 0)).toEqual({
      by: 'policy',
      reason: 'This sign-in (viewer) may not write devices/b/cmd, says its policy document.',
    });
    expect(forbidden(policy, deviceTopic('devices:a', 'devices', 'cmd'), [], 0)).toBeUndefined();
  });

  test('says nothing where nothing is known', () => {
    expect(forbidden(null, topic, [], 0)).toBeUndefined();
    expect(forbidden(policy, deviceTopic('sparkplug-b:g%2Fn', 'devices', 'cmd'), [], 0)).toBeUndefined();
  });

  test('the broker refused the last command to this device: its decision, whatever the document says', () => {
    const commands = [sent(1, { outcome: 'done', acceptedAt: 1 }), sent(2, {})];
    const policyAllows = { ...policy, publish: [topic] };
    expect(forbidden(policyAllows, topic, commands, 3)).toMatchObject({ by: 'broker' });
    expect(forbidden(null, topic, commands, 3)?.reason).toContain('The broker refused the last command');
    expect(forbidden(null, 'devices/other/cmd', commands, 3)).toBeUndefined();
  });

  test('a refusal of long ago, or one that the person made, speaks against nothing', () => {
    expect(forbidden(null, topic, [sent(0, {})], HOUR + 1)).toBeUndefined();
    expect(forbidden(null, topic, [sent(0, { attempts: 0 })], 1)).toBeUndefined();
  });

  test('what the broker has taken since is not held back by an old document', () => {
    const taken = sent(5, { outcome: 'accepted', acceptedAt: 5 });
    expect(forbidden(policy, topic, [sent(2, {}), taken], 6)).toBeUndefined();
  });
});
