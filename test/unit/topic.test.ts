import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covers, isValidFilter, isValidTopic, matches } from '../../src/model/topic.ts';

test.each([
  ['a/b', 'a/b', true],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['+/+', '/a', true],
  ['a/+/c', 'a//c', true],
  ['a', 'a/', false],
])('filter %s and topic %s: %s', (filter, topic, expected) => {
  expect(matches(filter, topic)).toBe(expected);
});

/** The rules of section 4.7, level by level. */
function matchesByLevels(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') return true;
    if (i >= levels.length || (wanted[i] !== '+' && wanted[i] !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}

test('any filter, valid or not, falls as its levels say', () => {
  const text = (letters: string) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 7 }).map((all) => all.join(''));
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(text('ab/+#$'), text('ab//+#$'), (filter, topic) => {
      const expected = matchesByLevels(filter, topic);
      seen[expected ? 'yes' : 'no']++;
      expect(matches(filter, topic)).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
  expect(seen.yes).toBeGreaterThan(1_000);
});

test.each([
  ['devices/#', 'devices/+/telemetry', true],
  ['devices/+/telemetry', 'devices/#', false],
  ['devices/+/telemetry', 'devices/a/telemetry', true],
  ['devices/a/telemetry', 'devices/+/telemetry', false],
  ['a/#', 'a', true],
  ['#', '$SYS/#', false],
])('%s covers %s: %s', (wide, narrow, expected) => {
  expect(covers(wide, narrow)).toBe(expected);
});

test('what may be subscribed to and published on', () => {
  expect(['a/#', '#', '+', 'a/+/b', '/'].every(isValidFilter)).toBe(true);
  expect(['', 'a/#/b', 'a#', 'a+/b', 'a\0'].some(isValidFilter)).toBe(false);
  expect(['a', '/', '$SYS/x'].every(isValidTopic)).toBe(true);
  expect(['', 'a/+', 'a/#', 'x'.repeat(65_536)].some(isValidTopic)).toBe(false);
});
