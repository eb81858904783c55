import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAgenda } from '../../../src/node/fleet-agenda.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a thousand things happen in the order of their time, by one timer', () => {
  const agenda = createAgenda(Date.now);
  const start = Date.now();
  const done: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const due = start + ((i * 7919) % 1000);
    agenda.at(due, (told) => {
      expect(told).toBe(due);
      expect(Date.now()).toBeGreaterThanOrEqual(due);
      done.push(due - start);
    });
  }
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(done).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test('something nearer is not kept waiting by something farther', () => {
  const agenda = createAgenda(Date.now);
  const done: string[] = [];
  agenda.at(Date.now() + 5000, () => done.push('later'));
  agenda.at(Date.now() + 10, () => done.push('sooner'));
  vi.advanceTimersByTime(10);
  expect(done).toEqual(['sooner']);
});

test('a task that puts itself on again for now lets the others have their turn', () => {
  const agenda = createAgenda(Date.now);
  let turns = 0;
  const again = (due: number) => {
    turns++;
    agenda.at(due + 1, again);
  };
  agenda.at(Date.now(), again);
  vi.advanceTimersByTime(100);
  expect(turns).toBeLessThanOrEqual(101);
  expect(turns).toBeGreaterThan(50);
});

test('nothing happens after it has been stopped', () => {
  const agenda = createAgenda(Date.now);
  const task = vi.fn();
  agenda.at(Date.now() + 10, task);
  agenda.stop();
  vi.advanceTimersByTime(100);
  expect(task).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
