import { describe, expect, test } from 'vitest';
import type { AlertRule, Condition, Scope } from '../../../../src/model/alert/rule.ts';
import {
  blankDraft,
  draftOf,
  namedAfter,
  readDraft,
  typedValue,
} from '../../../../src/ui/pages/alerts/rule-draft.ts';

function rule(on: Condition, scope: Scope = { of: 'all' }): AlertRule {
  return { id: 'r', name: 'Rule', severity: 'critical', on, for: 0, scope, enabled: false };
}

test.each<AlertRule>([
  { ...rule({ when: 'above', channel: 't', value: 80.5, hysteresis: 2 }), for: 30 },
  rule({ when: 'outside', channel: 't', low: -5, high: 3 }, { of: 'devices', ids: ['a', 'b'] }),
  rule({ when: 'equals', channel: 's', value: 'fault' }, { of: 'kind', kind: 'boiler' }),
  rule({ when: 'equals', channel: 's', value: 'true' }),
  rule({ when: 'equals', channel: 's', value: true }),
  rule({ when: 'equals', channel: 's', value: 5 }),
  rule({ when: 'changes', channel: 's', settle: 90 }, { of: 'filter', id: 'b-*', location: 'Hall 2' }),
  rule({ when: 'rate', channel: 't', direction: 'fall', by: 3, within: 600 }),
  rule({ when: 'no-data', seconds: 300 }),
  rule({ when: 'no-data', channel: 't', seconds: 300 }),
  rule({ when: 'offline', seconds: 0 }),
])('a rule that is opened and saved unchanged is the same rule', (of) => {
  expect(readDraft(draftOf(of))).toEqual({ ok: true, rule: of });
});

describe('"Alert me about this"', () => {
  test('starts from the limits that the channel is described with', () => {
    const draft = blankDraft('r', { device: 'a', channel: 't', kind: 'number', min: 1, max: 3 });
    expect(readDraft(draft)).toMatchObject({
      ok: true,
      rule: { on: { when: 'outside', channel: 't', low: 1, high: 3 }, scope: { of: 'devices', ids: ['a'] } },
    });
  });

  test('of a switch waits for it to be on', () => {
    const draft = blankDraft('r', { device: 'a', channel: 'door', kind: 'boolean' });
    expect(readDraft(draft)).toMatchObject({ ok: true, rule: { on: { when: 'equals', value: true } } });
  });

  test('of a number with no limits asks for one', () => {
    const draft = blankDraft('r', { device: 'a', channel: 't', kind: 'number' });
    expect(readDraft(draft)).toEqual({ ok: false, faults: ['Value must be a number.'] });
  });
});

test('what is wrong is said by the names of the fields', () => {
  const draft = { ...blankDraft('r'), when: 'outside' as const, low: '5', high: '3', of: 'devices' as const };
  expect(readDraft(draft)).toEqual({
    ok: false,
    faults: [
      'Channel must not be empty.',
      'Lowest must be less than "high".',
      'Devices must be a list of 1 to 1000 texts.',
    ],
  });
});

test('a rule without a name is called by what it says', () => {
  const draft = { ...blankDraft('r'), channel: 't', value: '80,5' };
  expect(namedAfter(draft)).toBe('t is above 80.5');
  expect(readDraft(draft)).toMatchObject({
    ok: true,
    rule: { name: 't is above 80.5', on: { value: 80.5 } },
  });
});

test.each([
  ['true', true],
  ['off', false],
  ['5', 5],
  ['-2,5', -2.5],
  ['fault', 'fault'],
  ['"true"', 'true'],
  ['""', ''],
])('%s is %j', (typed, value) => {
  expect(typedValue(typed)).toBe(value);
});
