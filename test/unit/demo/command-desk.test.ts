import { expect, test, vi } from 'vitest';
import { commandDesk } from '../../../src/demo/command-desk.ts';
import type { DemoModel } from '../../../src/demo/demo-device.ts';
import { requiredArgs } from '../../../src/demo/check-args.ts';

const NOW = 1_760_000_000_000;

function desk(options: Partial<DemoModel> = {}) {
  const run = vi.fn(() => ({ result: { moved: true } }));
  const args = requiredArgs({ to: { type: 'number', minimum: 0, maximum: 10 } });
  const commands = [{ name: 'move', args, takes: 3, run }];
  const handle = commandDesk(
    { hasClock: true, answers: true, commands, read: () => ({}), ...options },
    () => NOW,
  );
  const send = (payload: unknown) => handle(new TextEncoder().encode(JSON.stringify(payload)));
  return { run, send };
}

const move = { id: 'm1', name: 'move', args: { to: 4 }, exp: NOW + 60_000, ttl: 60 };

test('a command is carried out when its time has passed, and then answered', () => {
  const { run, send } = desk();
  const handling = send(move);
  expect(handling.after).toBe(3);
  expect(run).not.toHaveBeenCalled();
  expect(handling.act(5000)).toEqual({ acted: true, ack: '{"id":"m1","ok":true,"result":{"moved":true}}' });
});

test('a command that arrives twice is carried out once and answered twice', () => {
  const { run, send } = desk();
  const { ack } = send(move).act(0);
  expect(send(move).act(0)).toEqual({ acted: false, ack });
  expect(run).toHaveBeenCalledTimes(1);
});

test('a command that arrives again while it is being carried out waits for its one answer', () => {
  const { run, send } = desk();
  const first = send(move);
  expect(send(move).act(0)).toEqual({ acted: false });
  expect(first.act(0).acted).toBe(true);
  expect(run).toHaveBeenCalledTimes(1);
});

test('an expired command is refused by a device that has a clock', () => {
  const { run, send } = desk();
  expect(send({ ...move, exp: NOW - 12_000 }).act(0)).toEqual({
    acted: false,
    ack: '{"id":"m1","ok":false,"error":"The command expired 12 s before it arrived, so nothing was done."}',
  });
  expect(run).not.toHaveBeenCalled();
});

test('a device without a clock does not look at exp, and goes by ttl', () => {
  const { send } = desk({ hasClock: false });
  expect(send({ ...move, exp: 1 }).act(0).acted).toBe(true);
  expect(send({ ...move, id: 'm2', ttl: 2 }).act(0)).toMatchObject({ acted: false });
});

test('a device that never answers still does it', () => {
  const { run, send } = desk({ answers: false });
  expect(send(move).act(0)).toEqual({ acted: true });
  expect(send(move).act(0)).toEqual({ acted: false });
  expect(run).toHaveBeenCalledTimes(1);
});

test('a command typed without an id is carried out and not answered', () => {
  const { send } = desk();
  expect(send({ name: 'move', args: { to: 1 } }).act(0)).toEqual({ acted: true });
});

test.each([
  [undefined, '"to" is missing.'],
  [{ to: '4' }, '"to" must be a number.'],
  [{ to: 11 }, '"to" must be between 0 and 10.'],
  [{ to: 1, from: 2 }, '"from" is not an argument of this.'],
  ['4', 'The arguments must be an object.'],
])('arguments %j are refused: %s', (args, error) => {
  const { send } = desk();
  expect(send({ id: 'x', name: 'move', args }).act(0).ack).toBe(
    JSON.stringify({ id: 'x', ok: false, error }),
  );
});

test('a thousand commands do not make it remember a thousand', () => {
  const { run, send } = desk();
  for (let i = 0; i < 1000; i++) send({ ...move, id: `n${i}` }).act(0);
  send({ ...move, id: 'n999' }).act(0);
  expect(run).toHaveBeenCalledTimes(1000);
  send({ ...move, id: 'n0' }).act(0);
  expect(run).toHaveBeenCalledTimes(1001);
});
