import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../src/model/command.ts';
import type { SafeSchema } from '../../../../src/model/device.ts';
import { commandTopic, forbidden } from '../../../../src/ui/pages/device/command-gate.ts';
import { formFields } from '../../../../src/ui/pages/device/form-fields.ts';
import { readDraft } from '../../../../src/ui/pages/device/read-draft.ts';

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

  test('without arguments has no inputs, and of one scalar has one', () => {
    expect(formFields(undefined)).toEqual([]);
    expect(formFields({ type: 'object' })).toEqual([]);
    const one = formFields({ type: 'boolean' }) ?? [];
    expect(readDraft(one, [true])).toEqual({ ok: true, args: true });
  });

  test.each<[string, SafeSchema]>([
    ['a list', { type: 'object', properties: { a: { type: 'array' } } }],
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

describe('the gate of a form is a hint', () => {
  const policy = {
    version: 1,
    username: 'viewer',
    role: 'viewer',
    subscribe: [],
    publish: ['devices/a/cmd'],
  } as const;

  const HOUR = 3_600_000;
  const topic = commandTopic('devices:b', 'devices') ?? '';
  const sent = (at: number, what: Partial<Command>) =>
    ({ topic, attempts: 1, createdAt: at, settledAt: at, outcome: 'refused', ...what }) as Command;

  test('says which topic this sign-in may not write, and that the document says so', () => {
    expect(forbidden(policy, topic, [], 0)).toEqual({
      by: 'policy',
      reason: 'This sign-in (viewer) may not write devices/b/cmd, says its policy document.',
    });
    expect(forbidden(policy, commandTopic('devices:a', 'devices'), [], 0)).toBeUndefined();
  });

  test('says nothing where nothing is known', () => {
    expect(forbidden(null, topic, [], 0)).toBeUndefined();
    expect(forbidden(policy, commandTopic('sparkplug-b:g%2Fn', 'devices'), [], 0)).toBeUndefined();
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
