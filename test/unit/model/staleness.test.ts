import { expect, test } from 'vitest';
import { Staleness } from '../../../src/model/staleness.ts';

function every(seconds: number, samples: number): Staleness {
  const staleness = new Staleness();
  for (let i = 0; i < samples; i++) staleness.push(1e12 + i * seconds * 1000);
  return staleness;
}

test('nothing or one sample: 30 s', () => {
  expect(new Staleness().staleAfter()).toBe(30_000);
  expect(every(60, 1).staleAfter()).toBe(30_000);
});

test('a fast channel is given 30 s, a slow one three of its intervals', () => {
  expect(every(1, 100).staleAfter()).toBe(30_000);
  expect(every(60, 2).staleAfter()).toBe(180_000);
  expect(every(60, 100).staleAfter()).toBe(180_000);
});

test('what the device says wins, in both directions', () => {
  expect(every(60, 100).staleAfter(2)).toBe(6000);
  expect(every(1, 100).staleAfter(600)).toBe(1_800_000);
});

test('one long gap among 20 samples changes nothing', () => {
  const staleness = every(20, 10);
  for (let i = 0; i < 5; i++) staleness.push(2e12 + i * 20_000);
  expect(staleness.medianInterval()).toBe(20_000);
});

test('a new pace is learned from 20 samples', () => {
  const staleness = every(20, 40);
  for (let i = 1; i <= 20; i++) staleness.push(1e12 + 39 * 20_000 + i * 100_000);
  expect(staleness.medianInterval()).toBe(100_000);
});

test('an even number of intervals: the middle of the two in the middle', () => {
  const staleness = new Staleness();
  for (const at of [0, 10_000, 40_000]) staleness.push(at);
  expect(staleness.medianInterval()).toBe(20_000);
});

test('a computer clock that is set back does not make negative intervals', () => {
  const staleness = new Staleness();
  for (const at of [3000, 2000, 1000]) staleness.push(at);
  expect(staleness.medianInterval()).toBe(0);
  expect(staleness.staleAfter()).toBe(30_000);
});

test('a silence is stale when it is longer than that, and the stated interval is what counts where there is one', () => {
  const minutely = every(60, 10);
  expect(minutely.isStale(30_000)).toBe(false);
  expect(minutely.isStale(180_000)).toBe(false);
  expect(minutely.isStale(180_001)).toBe(true);
  expect(every(1, 10).isStale(30_001)).toBe(true);
  expect(minutely.isStale(6_000, 2)).toBe(false);
  expect(minutely.isStale(6_001, 2)).toBe(true);
});
