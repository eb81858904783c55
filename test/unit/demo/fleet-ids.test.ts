import { expect, test } from 'vitest';
import { fleetIds, kindOfId } from '../../../src/demo/fleet-ids.ts';

test('the default fleet is 24 devices of at least 9 kinds', () => {
  const ids = fleetIds(24);
  expect(new Set(ids).size).toBe(24);
  expect(new Set(ids.map((id) => kindOfId(id).kind)).size).toBeGreaterThanOrEqual(9);
  expect(ids).toEqual(
    expect.arrayContaining(['boiler-1', 'pump-1', 'pump-2', 'meter-1', 'truck-1', 'climate-1']),
  );
});

test('a smaller fleet is the beginning of a larger one, and every id is valid', () => {
  const many = fleetIds(1000);
  expect(new Set(many).size).toBe(1000);
  expect(fleetIds(5)).toEqual(many.slice(0, 5));
  expect(many.filter((id) => !/^[A-Za-z0-9_-]{1,64}$/.test(id))).toEqual([]);
});

test('those that misbehave do not multiply', () => {
  expect(fleetIds(1000).filter((id) => /^(weather|compressor|freezer|lamp)-/.test(id))).toHaveLength(4);
});
