import { expect, test } from 'vitest';
import { Problems } from '../../../src/engine/problems.ts';

test('the same problem of the same device is counted, with its first and last time', () => {
  const problems = new Problems(() => {});
  problems.add(10, 'a/t', 'broken', 'devices:a');
  problems.add(20, 'a/other', 'broken', 'devices:a');
  problems.add(30, 'b/t', 'broken', 'devices:b');
  expect(problems.list()).toEqual([
    { at: 30, lastAt: 30, count: 1, topic: 'b/t', message: 'broken', device: 'devices:b' },
    { at: 10, lastAt: 20, count: 2, topic: 'a/other', message: 'broken', device: 'devices:a' },
  ]);
  expect(problems.total).toBe(3);
});

test('without a device the topic tells problems apart', () => {
  const problems = new Problems(() => {});
  problems.add(1, 'x', 'no');
  problems.add(2, 'y', 'no');
  expect(problems.list().map((problem) => problem.topic)).toEqual(['y', 'x']);
});

test('a flood of different problems keeps the newest 200 and counts them all', () => {
  let told = 0;
  const problems = new Problems(() => told++);
  for (let i = 0; i < 1_000; i++) problems.add(i, `t/${i}`, 'no');
  expect(problems.list()).toHaveLength(200);
  expect(problems.list()[0]?.topic).toBe('t/999');
  expect(problems.total).toBe(1_000);
  expect(told).toBe(1_000);
});

test('a problem that keeps coming is not pushed out by a flood of others', () => {
  const problems = new Problems(() => {});
  problems.add(0, 'mine', 'again');
  for (let i = 0; i < 500; i++) {
    problems.add(i, `t/${i}`, 'no');
    if (i % 100 === 0) problems.add(i, 'mine', 'again');
  }
  expect(problems.list().find((problem) => problem.topic === 'mine')?.count).toBe(6);
});
