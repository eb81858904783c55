import { describe, expect, test } from 'vitest';
import {
  isSameRule,
  parseRules,
  readRules,
  ruleFaults,
  writeRules,
} from '../../../../src/model/alert/parse-rules.ts';
import type { AlertRule } from '../../../../src/model/alert/rule.ts';

const RULE = { id: 'hot', name: 'Too hot', on: { when: 'above', channel: 't', value: 80 } };

function faultsOf(...rules: unknown[]): readonly string[] {
  const reading = parseRules(JSON.stringify({ version: 1, rules }));
  return reading.ok ? [] : reading.faults;
}

test('what is left out has a sensible meaning', () => {
  const reading = parseRules(JSON.stringify({ version: 1, rules: [RULE] }));
  expect(reading).toEqual({
    ok: true,
    rules: [{ ...RULE, severity: 'warning', for: 0, scope: { of: 'all' }, enabled: true }],
  });
});

const RULES: readonly AlertRule[] = (
  [
    { when: 'above', channel: 't', value: 80, hysteresis: 2 },
    { when: 'below', channel: 't', value: -5 },
    { when: 'outside', channel: 'p', low: 1, high: 3, hysteresis: 0.5 },
    { when: 'equals', channel: 'state', value: 'fault' },
    { when: 'equals', channel: 'door', value: true },
    { when: 'changes', channel: 'mode', settle: 30 },
    { when: 'rate', channel: 't', direction: 'rise', by: 5, within: 60 },
    { when: 'no-data', seconds: 60 },
    { when: 'no-data', channel: 't', seconds: 60 },
    { when: 'offline', seconds: 0 },
  ] as const
).map((on, i) => ({
  id: `rule-${i}`,
  name: `Rule ${i}`,
  severity: 'critical',
  on,
  for: on.when === 'above' ? 30 : 0,
  scope:
    i % 2 === 0 ? { of: 'filter', id: 'boiler-*', location: 'Hall*' } : { of: 'devices', ids: ['a', 'b'] },
  enabled: i !== 3,
}));

test('every kind of rule comes back as it was written', () => {
  expect(parseRules(writeRules(RULES))).toEqual({ ok: true, rules: RULES });
  expect(readRules(new TextEncoder().encode(writeRules(RULES)))).toEqual({ ok: true, rules: RULES });
  expect(RULES.flatMap(ruleFaults)).toEqual([]);
});

describe('one sentence says what is wrong and where', () => {
  const on = (change: object) => ({ ...RULE, on: { ...RULE.on, ...change } });
  test.each<[string, unknown, string]>([
    ['no object', 5, 'Rule 1 must be an object.'],
    ['no id', { ...RULE, id: undefined }, 'Rule 1 ("Too hot"): "id" must be a text of 1 to 64 characters.'],
    [
      'an id with a slash',
      { ...RULE, id: 'a/b' },
      'Rule 1 ("Too hot"): "id" takes letters, digits, "_" and "-", at most 64.',
    ],
    ['no name', { ...RULE, name: ' ' }, 'Rule 1: "name" must be a text for people.'],
    [
      'a misspelt member',
      { ...RULE, hystersis: 2 },
      'Rule 1 ("Too hot"): "hystersis" is not known here; there are id, name, severity, on, for, scope, enabled.',
    ],
    ['no condition', { ...RULE, on: undefined }, 'Rule 1 ("Too hot"): "on" must be an object.'],
    [
      'a condition of no kind',
      on({ when: 'near' }),
      'Rule 1 ("Too hot"): "on.when" must be one of above, below, outside, equals, changes, rate, no-data, offline.',
    ],
    ['a limit that is a text', on({ value: '80' }), 'Rule 1 ("Too hot"): "on.value" must be a number.'],
    ['a limit that is not finite', on({ value: 1e300 }), 'Rule 1 ("Too hot"): "on.value" must be a number.'],
    ['no channel', on({ channel: '' }), 'Rule 1 ("Too hot"): "on.channel" must not be empty.'],
    [
      'a band upside down',
      { ...RULE, on: { when: 'outside', channel: 't', low: 3, high: 1 } },
      'Rule 1 ("Too hot"): "on.low" must be less than "high".',
    ],
    [
      'a hysteresis that never ends',
      { ...RULE, on: { when: 'outside', channel: 't', low: 1, high: 3, hysteresis: 1 } },
      'Rule 1 ("Too hot"): "on.hysteresis" leaves no value at which it ends.',
    ],
    [
      'a negative hysteresis',
      on({ hysteresis: -1 }),
      'Rule 1 ("Too hot"): "on.hysteresis" must be a number of at least 0.',
    ],
    [
      'a pace of nothing',
      { ...RULE, on: { when: 'rate', channel: 't', by: 0, within: 60 } },
      'Rule 1 ("Too hot"): "on.by" must be a number above 0.',
    ],
    [
      'a span too long',
      { ...RULE, for: 1e9 },
      'Rule 1 ("Too hot"): "for" must be a number from 0 to 604800.',
    ],
    [
      'two spans',
      { ...RULE, for: 5, on: { when: 'offline', seconds: 60 } },
      'Rule 1 ("Too hot"): "for" does not go with "offline", which says by itself how long.',
    ],
    [
      'a severity of no kind',
      { ...RULE, severity: 'fatal' },
      'Rule 1 ("Too hot"): "severity" must be one of info, warning, critical.',
    ],
    [
      'no devices',
      { ...RULE, scope: { of: 'devices', ids: [] } },
      'Rule 1 ("Too hot"): "scope.ids" must be a list of 1 to 1000 texts.',
    ],
    [
      'a filter for nothing',
      { ...RULE, scope: { of: 'filter' } },
      'Rule 1 ("Too hot"): "scope.of" is "filter", so "id", "model" or "location" must be given.',
    ],
    [
      'enabled as a text',
      { ...RULE, enabled: 'yes' },
      'Rule 1 ("Too hot"): "enabled" must be true or false.',
    ],
  ])('%s', (_what, rule, sentence) => {
    expect(faultsOf(rule)).toEqual([sentence]);
  });

  test('every fault of every rule is said, and nothing is taken', () => {
    expect(faultsOf(RULE, { ...RULE, severity: 1, for: 'x' })).toEqual([
      'Rule 2 ("Too hot"): "severity" must be one of info, warning, critical.',
      'Rule 2 ("Too hot"): "for" must be a number from 0 to 604800.',
      'Rule 2: the id "hot" is that of rule 1 as well. Give it another.',
    ]);
  });
});

test.each([
  [
    'no JSON',
    '{"version":1,',
    'The rule set is not JSON: at character 14 a key in double quotes is expected, but it ends there.',
  ],
  ['a list', '[]', 'A rule set is an object with a list named "rules".'],
  [
    'another version',
    '{"version":2,"rules":[]}',
    'The rule set is of another version than 1. Reload this page, or export it again.',
  ],
  [
    'too deep',
    '['.repeat(100) + ']'.repeat(100),
    'The rule set has more than 32 lists or objects inside each other.',
  ],
])('%s is no rule set', (_what, text, sentence) => {
  expect(parseRules(text)).toEqual({ ok: false, faults: [sentence] });
});

test('too many rules are refused unread', () => {
  const rules = Array.from({ length: 501 }, (_, i) => ({ ...RULE, id: `r${i}` }));
  expect(faultsOf(...rules)).toEqual(['There are 501 rules; a set has at most 500.']);
});

test('a set of nothing but faults says at most twenty', () => {
  expect(faultsOf(...Array.from({ length: 100 }, () => 5))).toHaveLength(20);
});

test('bytes that are no text are refused', () => {
  expect(readRules(new Uint8Array([0xff, 0xfe]))).toEqual({
    ok: false,
    faults: ['The rule set is not text in UTF-8.'],
  });
});

test('a key that leads to a prototype does nothing', () => {
  const text =
    '{"version":1,"rules":[{"id":"hot","name":"Too hot","__proto__":{"enabled":false},"on":{"when":"above","channel":"t","value":80}}]}';
  const reading = parseRules(text);
  expect(reading.ok && reading.rules[0]?.enabled).toBe(true);
});

test('two rules are the same whatever the order in which they were written', () => {
  const [rule] = RULES;
  const { on, ...rest } = rule!;
  expect(isSameRule(rule!, { on: { ...on }, ...rest })).toBe(true);
  expect(isSameRule(rule!, { ...rule!, for: 31 })).toBe(false);
});
