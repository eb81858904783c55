import { expect, it } from 'vitest';
import { RateLimit } from '../../../src/node/rate-limit.ts';

it('lets a burst through, then as many as come back with time', () => {
  const limit = new RateLimit(10, 3, 0);
  expect([0, 0, 0, 0].map((now) => limit.take(now))).toEqual([true, true, true, false]);
  expect(limit.take(99)).toBe(false);
  expect(limit.take(200)).toBe(true);
  expect([10_000, 10_000, 10_000, 10_000].map((now) => limit.take(now))).toEqual([true, true, true, false]);
});
