import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconnectDelay } from '../../../../src/engine/connection/reconnect.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.nat({ max: 100_000 });
const page = fc.constantFrom('visible' as const, 'hidden' as const);

test('a wait is never shorter than half a second nor longer than the cap of the page', () => {
  fc.assert(
    fc.property(failures, random, page, (n, r, seen) => {
      const delay = reconnectDelay(n, r, seen);
      expect(delay).toBeGreaterThanOrEqual(500);
      expect(delay).toBeLessThanOrEqual(seen === 'visible' ? 10_000 : 60_000);
    }),
  );
});

test('the first wait is at most a second', () => {
  fc.assert(fc.property(random, page, (r, seen) => reconnectDelay(0, r, seen) <= 1_000));
});

test('with the same luck a later failure never waits less', () => {
  fc.assert(
    fc.property(failures, random, page, (n, r, seen) => {
      expect(reconnectDelay(n + 1, r, seen)).toBeGreaterThanOrEqual(reconnectDelay(n, r, seen));
    }),
  );
});

test('many pages that lost the same broker spread over the whole wait', () => {
  const delays = Array.from({ length: 100 }, (_, i) => reconnectDelay(10, i / 100, 'visible'));
  expect(Math.min(...delays)).toBe(500);
  expect(Math.max(...delays)).toBeGreaterThan(9_800);
  expect(new Set(delays).size).toBe(100);
});
