import { describe, expect, test } from 'vitest';
import type { ConfigChange, ConfigSeen } from '../../../../src/model/config/config-change.ts';
import type { SafeSchema } from '../../../../src/model/device.ts';
import {
  canShow,
  configFields,
  draftConfig,
  entryOf,
  fieldKey,
  NO_EDITS,
  typedConfig,
  withEdit,
} from '../../../../src/ui/pages/device/config/config-fields.ts';
import { deviceTopic } from '../../../../src/ui/pages/device/device-topic.ts';
import { mayReadConfig } from '../../../../src/ui/pages/device/config/config-rights.ts';
import {
  configText,
  placeText,
  seenText,
  shownText,
  whoText,
} from '../../../../src/ui/pages/device/config/config-words.ts';

const SCHEMA: SafeSchema = {
  type: 'object',
  required: ['limit'],
  properties: {
    limit: { type: 'number', title: 'Hottest allowed', maximum: 90 },
    mode: { enum: ['eco', 'comfort'] },
    wifi: { type: 'object', properties: { key: { type: 'string', writeOnly: true } } },
    serial: { type: 'string', readOnly: true },
  },
};
const fields = configFields(SCHEMA) ?? [];
const [limit, mode, key] = fields as [(typeof fields)[0], (typeof fields)[0], (typeof fields)[0]];
const draft = (edits: typeof NO_EDITS, start: unknown) => draftConfig(fields, edits, start, () => '60');

describe('the form of a configuration', () => {
  test('has an input for what can be asked, not for what is only reported, and hides what is write-only', () => {
    expect(
      fields.map((field) => [field.path.join('.'), field.kind !== 'list' && field.secret === true]),
    ).toEqual([
      ['limit', false],
      ['mode', false],
      ['wifi.key', true],
    ]);
  });

  test.each<[string, SafeSchema | undefined]>([
    ['no schema', undefined],
    ['no members', { type: 'object' }],
    ['one value', { type: 'number' }],
    ['a list of anything', { type: 'object', properties: { a: { type: 'array' } } }],
  ])('%s: it has to be typed as JSON', (_, schema) => {
    expect(configFields(schema)).toBeUndefined();
  });

  test('what nobody touched stays as it is, what is no field included', () => {
    const start = { limit: 70, extra: [1], wifi: { ssid: 'hall', key: 'x' } };
    expect(draft(NO_EDITS, start)).toEqual({ ok: true, value: start });
    expect(draft(withEdit(NO_EDITS, key, 'y'), start)).toEqual({
      ok: true,
      value: { ...start, wifi: { ssid: 'hall', key: 'y' } },
    });
  });

  test('what is emptied is not asked for any more, what has to be there goes as it is shown', () => {
    expect(draft(withEdit(NO_EDITS, mode, ''), { limit: 70, mode: 'eco' })).toEqual({
      ok: true,
      value: { limit: 70 },
    });
    expect(draft(withEdit(NO_EDITS, mode, 'eco'), undefined)).toEqual({
      ok: true,
      value: { limit: 60, mode: 'eco' },
    });
  });

  test('each wrong field is named in one sentence', () => {
    const reading = draft(withEdit(NO_EDITS, limit, '95'), {});
    expect(reading.ok ? [] : [...reading.wrong]).toEqual([
      [fieldKey(limit), 'Hottest allowed has to be a number of at most 90.'],
    ]);
  });

  test('a value of another kind than its field shows as nothing', () => {
    expect(entryOf(limit, { a: 1 })).toBe('');
    expect(entryOf(limit, 70)).toBe('70');
  });

  test('a list is one value: untouched it stays, and set, emptied and not set are three things', () => {
    const lists: SafeSchema = {
      type: 'object',
      properties: {
        pins: { type: 'array', items: { type: 'integer' } },
        night: {
          type: 'object',
          properties: {
            hours: { type: 'array', items: { type: 'object', properties: { from: { type: 'integer' } } } },
          },
        },
      },
    };
    const [pins, hours, ...rest] = configFields(lists) ?? [];
    if (!pins || !hours || rest.length > 0) throw new Error('This schema has two inputs.');
    const start = { pins: [4, 5], night: { hours: [{ from: 22 }], on: true } };
    const after = (edits: typeof NO_EDITS) => draftConfig([pins, hours], edits, start, () => '');
    expect(after(NO_EDITS)).toEqual({ ok: true, value: start });
    expect(after(withEdit(NO_EDITS, pins, []))).toEqual({ ok: true, value: { ...start, pins: [] } });
    expect(after(withEdit(NO_EDITS, pins, ''))).toEqual({ ok: true, value: { night: start.night } });
    const moved = withEdit(NO_EDITS, hours, [['23'], ['1']]);
    expect(after(moved)).toEqual({
      ok: true,
      value: { ...start, night: { hours: [{ from: 23 }, { from: 1 }], on: true } },
    });
    expect(entryOf(hours, [{ from: 22 }])).toEqual([['22']]);
    expect(canShow([pins, hours], start)).toBe(true);
  });

  test.each([
    ['an entry with a member that the schema does not name', [{ from: 1, to: 2 }]],
    ['an entry of another kind', [7]],
    ['no list', { from: 1 }],
    ['more entries than a form shows', Array(60).fill({ from: 1 })],
  ])('a list with %s is not shown by inputs that would lose it', (_, list) => {
    const items = { type: 'object', properties: { from: { type: 'integer' } } };
    const hours = configFields({ type: 'object', properties: { hours: { type: 'array', items } } }) ?? [];
    expect(canShow(hours, { hours: list })).toBe(false);
    expect(canShow(hours, { other: list })).toBe(true);
  });

  test('typed JSON has to be an object', () => {
    expect(typedConfig('{"a":1.0}')).toEqual({ ok: true, value: { a: 1 } });
    expect(typedConfig('[1]').ok).toBe(false);
    expect(typedConfig('{').ok).toBe(false);
  });
});

describe('who may read what is asked', () => {
  const topic = 'devices/a/config';
  const policy = (...subscribe: string[]) =>
    ({ version: 1, username: 'ada', role: 'x', subscribe, publish: [] }) as const;
  const at = (state: 'granted' | 'granted-filtered' | 'refused' | 'asked') => [
    { filter: 'devices/+/config', state },
    { filter: 'devices/+/config/reported', state: 'granted' as const },
  ];

  test('the policy document, then what the broker said', () => {
    expect(mayReadConfig(policy('devices/+/config/reported'), at('granted'), topic)).toBe('no');
    expect(mayReadConfig(policy('devices/#'), at('granted'), topic)).toBe('yes');
    expect(mayReadConfig(null, at('granted-filtered'), topic)).toBe('perhaps');
    expect(mayReadConfig(null, at('refused'), topic)).toBe('no');
    expect(mayReadConfig(null, [], topic)).toBe('unasked');
    expect(mayReadConfig(policy('devices/#'), at('granted'), topic, 'rabbitmq')).toBe('perhaps');
  });

  test('the topic of a device of another convention is not known', () => {
    expect(deviceTopic('devices:a', 'site/devices', 'config')).toBe('site/devices/a/config');
    expect(deviceTopic('other:a', 'devices', 'config')).toBeUndefined();
  });
});

describe('words', () => {
  test('a value, a place and a secret', () => {
    expect([undefined, 90, false, 'eco', [1, 2]].map(configText)).toEqual([
      'nothing',
      '90',
      'off',
      'eco',
      '[1,2]',
    ]);
    expect(placeText(['limit'], fields)).toBe('Hottest allowed');
    expect(placeText(['a', 'b\u202e'], fields)).toBe('a.b\\u202E');
    expect(shownText('hunter2', ['wifi', 'key'], SCHEMA)).toBe('(not shown)');
    expect(shownText({ ssid: 'hall', key: 'hunter2' }, ['wifi'], SCHEMA)).not.toContain('hunter2');
    expect(shownText(undefined, ['wifi', 'key'], SCHEMA)).toBe('nothing');
  });

  test('when: a retained copy is older than its receipt', () => {
    const seen = (source: ConfigSeen['source']) => seenText({ value: {}, at: 0, source, topic: 't' });
    expect(seen('live')).toMatch(/^at \d/);
    expect(seen('retained')).toMatch(/^before \d/);
    expect(seen('history')).toMatch(/^when last seen/);
  });

  test('who, as far as it is known', () => {
    const who = (origin: ConfigChange['origin'], by?: string) =>
      whoText({ device: 'devices:a', at: 0, id: 'x', origin, ...(by !== undefined && { by }) });
    expect(who('here', 'ada')).toBe('ada, from this browser');
    expect(who('elsewhere', 'bob')).toBe('bob, from another console');
    expect(who('elsewhere')).toBe('another console, which does not say whose');
    expect(who('away')).toBe('somebody, while nobody here listened');
  });
});
