import { beforeEach, expect, test } from 'vitest';
import { RetainedWait } from '../../../../src/engine/reading/retained-wait.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

let clock: FakeClock;
let comes: number;
let wait: RetainedWait;
beforeEach(() => {
  clock = new FakeClock();
  comes = 0;
  wait = new RetainedWait(clock, () => comes++);
});

test('nothing is subscribed: nothing comes', async () => {
  expect(await wait.come()).toBe(false);
  expect(wait.isOver).toBe(false);
});

test('what is retained has come five seconds after the subscriptions were granted', async () => {
  wait.begin();
  const come = wait.come();
  clock.advance(4_999);
  expect([wait.isOver, comes]).toEqual([false, 0]);
  clock.advance(1);
  expect([wait.isOver, comes]).toEqual([true, 1]);
  expect(await come).toBe(true);
  expect(await wait.come()).toBe(true);
});

test('more is subscribed meanwhile: the time begins anew', () => {
  wait.begin();
  clock.advance(4_000);
  wait.begin();
  clock.advance(4_999);
  expect(comes).toBe(0);
  clock.advance(1);
  expect(comes).toBe(1);
});

test('more is subscribed later: that has not come yet', () => {
  wait.begin();
  clock.advance(5_000);
  wait.begin();
  expect(wait.isOver).toBe(false);
  clock.advance(5_000);
  expect([wait.isOver, comes]).toEqual([true, 2]);
});

test('the link ends meanwhile: whoever waits is told, and the next link begins anew', async () => {
  wait.begin();
  const come = wait.come();
  wait.end();
  expect(await come).toBe(false);
  expect(clock.waiting).toBe(0);
  wait.begin();
  expect(wait.isOver).toBe(false);
  clock.advance(5_000);
  expect([wait.isOver, comes]).toEqual([true, 1]);
});

test('the link ends after it: what is retained comes again', async () => {
  wait.begin();
  clock.advance(5_000);
  wait.end();
  expect(wait.isOver).toBe(false);
  expect(await wait.come()).toBe(false);
});
