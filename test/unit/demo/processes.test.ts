import { expect, test } from 'vitest';
import { driveRoute } from '../../../src/demo/drive-route.ts';
import { drift } from '../../../src/demo/drift.ts';
import { gaussian } from '../../../src/demo/gaussian.ts';
import { lag } from '../../../src/demo/lag.ts';
import { seededRandom } from '../../../src/demo/seeded-random.ts';
import { sensor } from '../../../src/demo/sensor.ts';

const spreadOf = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, spread: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
};

test('the seeded random is uniform, and another one for each device', () => {
  const random = seededRandom(1, 'a');
  const values = Array.from({ length: 20_000 }, random);
  expect(spreadOf(values).mean).toBeCloseTo(0.5, 1);
  expect(spreadOf(values).spread).toBeCloseTo(Math.sqrt(1 / 12), 2);
  expect(seededRandom(1, 'a')()).toBe(values[0]);
  expect(seededRandom(1, 'b')()).not.toBe(values[0]);
  expect(seededRandom(2, 'a')()).not.toBe(values[0]);
});

test('the noise is finite even where the random is 0', () => {
  expect(gaussian(() => 0)).toBeCloseTo(0);
});

test.each([0.1, 10, 10_000])('a drift keeps its spread in steps of %d s', (dt) => {
  const wander = drift(seededRandom(3, 'drift'), 2, 5);
  const { mean, spread } = spreadOf(Array.from({ length: 50_000 }, () => wander(dt)));
  expect(Math.abs(mean)).toBeLessThan(0.6);
  expect(spread).toBeGreaterThan(1.7);
  expect(spread).toBeLessThan(2.3);
});

test('a lag comes to the same in one step as in many', () => {
  const one = lag(0, 10);
  const many = lag(0, 10);
  for (let i = 0; i < 100; i++) many(5, 0.2);
  expect(many(5, 0)).toBeCloseTo(one(5, 20), 9);
});

test('a sensor rounds to its resolution, stays in its range and never shows minus zero', () => {
  const read = sensor(() => 0.5, { noise: 0, digits: 1, min: -1, max: 1 });
  expect(read(0.26)).toBe(0.3);
  expect(read(7)).toBe(1);
  expect(Object.is(read(-0.01), 0)).toBe(true);
});

test('a round is closed, and heads where it goes', () => {
  const square = driveRoute([
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ]);
  expect(square.length).toBeCloseTo(4 * 111_195, -2);
  expect(square.at(0)).toEqual({ lat: 0, lon: 0, heading: 0 });
  expect(square.at(111_195 * 1.5).heading).toBe(90);
  expect(square.at(111_195 * 2.5).heading).toBe(180);
  expect(square.at(square.length - 1).heading).toBe(270);
});
