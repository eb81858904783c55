import { beforeEach, expect, test } from 'vitest';
import { Acknowledgements } from '../../../../src/engine/link/acknowledgements.ts';
import { HandClock } from '../history/history-world.ts';

let clock: HandClock;
let flushes: (() => void)[];
let told: number[];
let acknowledgements: Acknowledgements;

beforeEach(() => {
  clock = new HandClock();
  flushes = [];
  told = [];
  acknowledgements = new Acknowledgements(clock, () => new Promise((resolve) => flushes.push(resolve)));
});

function take(from: number, to: number, stores = true): void {
  for (let n = from; n < to; n++) acknowledgements.take(() => told.push(n), stores);
}

async function flushed(): Promise<void> {
  flushes.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
}

test('the sixteenth message flushes, and nothing is acknowledged before that is done', async () => {
  take(0, 15);
  expect(flushes).toHaveLength(0);
  take(15, 16);
  expect(flushes).toHaveLength(1);
  expect(told).toEqual([]);
  await flushed();
  expect(told).toEqual([...Array(16).keys()]);
});

test('a message that stays alone is acknowledged 50 ms later', async () => {
  take(0, 1);
  clock.advance(49);
  expect(flushes).toHaveLength(0);
  clock.advance(1);
  await flushed();
  expect(told).toEqual([0]);
});

test('what comes during a flush waits for the next, whole and in order', async () => {
  take(0, 16);
  take(16, 40);
  expect(flushes).toHaveLength(1);
  await flushed();
  expect(told).toHaveLength(16);
  expect(flushes).toHaveLength(1);
  take(40, 41);
  await flushed();
  expect(told).toEqual([...Array(40).keys()]);
  clock.advance(50);
  await flushed();
  expect(told).toHaveLength(41);
});

test('a retained copy is acknowledged soon and without a flush, but never before a message that came before it', async () => {
  take(0, 1, false);
  clock.advance(4);
  expect(told).toEqual([0]);
  take(1, 2);
  take(2, 3, false);
  expect(told).toEqual([0]);
  clock.advance(50);
  take(3, 4, false);
  await flushed();
  expect(told).toEqual([0, 1, 2]);
  clock.advance(4);
  expect(told).toEqual([0, 1, 2, 3]);
  expect(flushes).toHaveLength(0);
});

test('a snapshot of retained copies is acknowledged sixteen at a time', () => {
  take(0, 40, false);
  expect(told).toHaveLength(32);
  clock.advance(4);
  expect(told).toHaveLength(40);
  expect(flushes).toHaveLength(0);
});
