import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlaps } from '../../../broker-config/overlaps.ts';
import { isValidFilter, matches } from '../../../src/model/topic.ts';

const level = fc.constantFrom('a', 'b', '+');
const filter = fc
  .tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => (open ? [...levels, '#'] : levels).join('/'));

/** Every topic of up to five levels of `a` and `b`: all that filters of up to four levels can tell apart. */
const topics = Array.from({ length: 5 }).reduce<string[]>(
  (all) => ['a', 'b', ...all.flatMap((rest) => [`a/${rest}`, `b/${rest}`])],
  [],
);

test('two filters overlap exactly when some topic falls under both', () => {
  fc.assert(
    fc.property(filter, filter, (one, other) => {
      expect(isValidFilter(one) && isValidFilter(other)).toBe(true);
      expect(overlaps(one, other)).toBe(topics.some((topic) => matches(one, topic) && matches(other, topic)));
    }),
  );
});
