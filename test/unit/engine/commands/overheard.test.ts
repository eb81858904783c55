import { beforeEach, expect, test } from 'vitest';
import { Overheard } from '../../../../src/engine/commands/overheard.ts';
import type { Command } from '../../../../src/model/command.ts';
import type { Effect } from '../../../../src/model/convention.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const PUMP = 'devices:pump-1';
const TOPIC = 'devices/pump-1/cmd';

let clock: FakeClock;
let own: Map<string, Command>;
let overheard: Overheard;
let changed: string[];
beforeEach(() => {
  clock = new FakeClock();
  own = new Map();
  changed = [];
  let ids = 0;
  overheard = new Overheard({
    clock,
    newId: () => `made-${++ids}`,
    own,
    onChange: (id) => void changed.push(id),
  });
});

const take = (more: Partial<Extract<Effect, { type: 'command' }>> = {}) =>
  overheard.take(PUMP, { type: 'command', device: 'pump-1', ...more }, TOPIC, 10, clock.now());
const ack = (id: string, ok = true, device = PUMP) =>
  overheard.acknowledged(device, { type: 'ack', device: 'pump-1', id, ok });

test('another operator switches the pump on, and the pump answers', () => {
  take({ id: 'x', name: 'switch', args: { on: true }, by: 'bob' });
  expect(overheard.commands.get('x')).toMatchObject({
    by: 'bob',
    elsewhere: true,
    outcome: 'accepted',
    args: { on: true },
  });
  clock.advance(30);
  ack('x');
  expect(overheard.commands.get('x')).toMatchObject({ outcome: 'done', settledAt: clock.now() });
  expect(changed).toEqual(['x', 'x']);
  expect(clock.waiting).toBeLessThanOrEqual(1);
});

test('it comes twice, and another device answers: nothing changes', () => {
  take({ id: 'x', name: 'switch', by: 'bob' });
  take({ id: 'x', name: 'other', by: 'eve' });
  ack('x', true, 'devices:evil');
  expect(overheard.commands.get('x')).toMatchObject({ name: 'switch', outcome: 'accepted' });
});

test('nobody answers by the deadline that it says; a late answer still counts', () => {
  take({ id: 'x', name: 'switch', exp: clock.now() + 5_000 });
  take({ id: 'y', name: 'switch', ttl: 2 });
  clock.advance(3_000);
  expect(overheard.commands.get('y')?.outcome).toBe('unanswered');
  expect(overheard.commands.get('x')?.outcome).toBe('accepted');
  clock.advance(3_000);
  expect(overheard.commands.get('x')?.outcome).toBe('unanswered');
  expect(clock.waiting).toBe(0);
  ack('x', false);
  expect(overheard.commands.get('x')?.outcome).toBe('failed');
});

test('a deadline of a clock that is wrong is not believed', () => {
  take({ id: 'x', name: 'switch', exp: 1 });
  expect(overheard.commands.get('x')?.deadline).toBe(clock.now() + 60_000);
});

test('our own commands come back and are not somebody else’s, with or without an id', () => {
  const mine = { id: 'mine', device: PUMP, sentAt: clock.now(), raw: ' {"relay":1} ' } as Command;
  own.set(mine.id, mine);
  take({ id: 'mine', name: 'switch' });
  take({ raw: '{"relay":1}' });
  expect(overheard.commands.size).toBe(0);
  take({ raw: '{"relay":0}' });
  expect([...overheard.commands.values()][0]).toMatchObject({
    id: 'made-1',
    raw: '{"relay":0}',
    by: 'unknown',
  });
});

test('10,000 commands by somebody who floods: a few hundred are kept', () => {
  for (let i = 0; i < 10_000; i++) take({ id: `x${i}`, name: 'switch', ttl: 1e9 });
  expect(overheard.commands.size).toBe(300);
  expect(overheard.commands.has('x9999')).toBe(true);
});
