import { expect, test } from 'vitest';
import { inScope, matchesPattern } from '../../../../src/model/alert/in-scope.ts';
import type { AlertRule, Condition, Scope } from '../../../../src/model/alert/rule.ts';
import { alertWords, ruleWords, scopeWords } from '../../../../src/model/alert/rule-words.ts';

function rule(on: Condition, seconds = 0): AlertRule {
  return {
    id: 'r',
    name: 'Too hot',
    severity: 'warning',
    on,
    for: seconds,
    scope: { of: 'all' },
    enabled: true,
  };
}

test.each<[AlertRule, string]>([
  [rule({ when: 'above', channel: 't', value: 80 }, 30), 'Boiler is above 80 °C for 30 s'],
  [rule({ when: 'outside', channel: 't', low: 1, high: 3 }, 120), 'Boiler is outside 1 to 3 °C for 2 min'],
  [rule({ when: 'equals', channel: 't', value: 'fault' }), 'Boiler is fault'],
  [rule({ when: 'changes', channel: 't', settle: 60 }), 'Boiler changes'],
  [
    rule({ when: 'rate', channel: 't', direction: 'fall', by: 5, within: 3600 }),
    'Boiler falls by 5 °C within 1 h',
  ],
  [rule({ when: 'no-data', channel: 't', seconds: 90 }), 'no Boiler comes for 90 s'],
  [rule({ when: 'offline', seconds: 86_400 }), 'it is offline for 1 day'],
])('a rule in words', (of, words) => {
  expect(ruleWords(of, 'Boiler', '°C')).toBe(words);
});

test('an alert says the rule and the value that broke it', () => {
  const hot = rule({ when: 'above', channel: 't', value: 80 });
  expect(alertWords(hot, 'Boiler 1', 81.3, 'Supply', '°C')).toBe(
    'Too hot on Boiler 1: Supply is above 80 °C (81.3 °C).',
  );
  expect(alertWords(rule({ when: 'no-data', seconds: 60 }), 'tank', undefined)).toBe(
    'Too hot on tank: nothing comes for 1 min.',
  );
});

test('a rule that nobody gave a name does not say its condition twice', () => {
  const unnamed = { ...rule({ when: 'above', channel: 't', value: 80 }, 30), name: 't is above 80' };
  expect(alertWords(unnamed, 'tank', 81)).toBe('t is above 80 for 30 s on tank (81).');
});

const BOILER = { id: 'boiler-1', kind: 'boiler', model: 'B 200', location: 'Hall 2' };

test.each<[Scope, boolean, string]>([
  [{ of: 'all' }, true, 'every device'],
  [{ of: 'devices', ids: ['boiler-1'] }, true, 'boiler-1'],
  [{ of: 'devices', ids: ['boiler-2'] }, false, 'boiler-2'],
  [{ of: 'kind', kind: 'boiler' }, true, 'every boiler'],
  [{ of: 'kind', kind: 'pump' }, false, 'every pump'],
  [{ of: 'filter', id: 'boiler-*' }, true, 'devices with id boiler-*'],
  [{ of: 'filter', id: 'boiler-*', location: 'hall*' }, true, 'devices with id boiler-*, at hall*'],
  [{ of: 'filter', id: 'boiler-*', location: 'Yard' }, false, 'devices with id boiler-*, at Yard'],
  [{ of: 'filter', model: '*200' }, true, 'devices with model *200'],
])('%o is about the boiler: %s', (scope, isIn, words) => {
  expect(inScope(scope, BOILER)).toBe(isIn);
  expect(scopeWords(scope)).toBe(words);
});

test('a device that says nothing of its place is in no filter for a place', () => {
  expect(inScope({ of: 'filter', location: '*' }, { id: 'a' })).toBe(false);
});

test.each([
  ['*', '', true],
  ['a*c', 'abbbc', true],
  ['a*c*', 'acx', true],
  ['a*c', 'ab', false],
  ['', 'a', false],
  ['a', 'ab', false],
  ['A.b', 'a.B', true],
  ['a?', 'ab', false],
])('%j and %j: %s', (pattern, text, fits) => {
  expect(matchesPattern(pattern, text)).toBe(fits);
});

test('a pattern made to be slow is not', () => {
  const started = performance.now();
  matchesPattern(`${'a*'.repeat(100)}b`, 'a'.repeat(200));
  expect(performance.now() - started).toBeLessThan(2_000);
});
