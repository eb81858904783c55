import { expect, test } from 'vitest';
import type { BatchRequest } from '../../../../src/engine-api/calls.ts';
import type { Command } from '../../../../src/model/command.ts';
import { settled } from '../../../support/fake-session.ts';
import { OutboxWorld } from './outbox-world.ts';

const devices = (count: number) => Array.from({ length: count }, (_, i) => `devices:d${i}`);

function batch(world: OutboxWorld, count: number, more: Partial<BatchRequest> = {}): Promise<string> {
  const request = { devices: devices(count), name: 'restart', args: {}, perSecond: 10, ttl: 5, ...more };
  return world.outbox.sendMany(request);
}

const commands = (world: OutboxWorld): Command[] => [...world.outbox.commands.values()];

function counts(world: OutboxWorld): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { outcome } of commands(world)) found[outcome] = (found[outcome] ?? 0) + 1;
  return found;
}

test('all are stored before the first is sent, and none of them where one cannot be stored', async () => {
  const world = new OutboxWorld();
  world.save = () => Promise.reject(new Error('The disk is full.'));
  await expect(batch(world, 3)).rejects.toThrow('The disk is full.');
  expect(world.sent).toHaveLength(0);
  expect(world.outbox.commands.size).toBe(0);
  let stored = 0;
  world.save = async (some) => {
    expect(world.sent).toHaveLength(0);
    stored = some.length;
  };
  await batch(world, 3);
  expect(stored).toBe(3);
});

test('they go at the rate that was asked for, in order', async () => {
  const world = new OutboxWorld();
  await batch(world, 50);
  expect(world.sent).toHaveLength(1);
  world.clock.advance(1_000);
  expect(world.sent.length).toBeGreaterThanOrEqual(10);
  expect(world.sent.length).toBeLessThanOrEqual(12);
  world.clock.advance(4_000);
  expect(world.sent.map(({ message }) => message.topic)).toEqual(devices(50).map((key) => `${key}/cmd`));
});

test('the time that one waits for its turn does not count against its deadline', async () => {
  const world = new OutboxWorld();
  await batch(world, 100, { ttl: 1 });
  world.clock.advance(11_000);
  expect(world.sent).toHaveLength(100);
  expect(counts(world)).toEqual({ unanswered: 100 });
});

test('500 devices: done, failed, silent, refused and never sent add up to 500', async () => {
  const world = new OutboxWorld();
  const id = await batch(world, 500, { perSecond: 100 });
  world.clock.advance(3_000);
  const reached = world.sent.length;
  for (const [i, sent] of world.sent.entries()) {
    sent.acknowledge(i % 10 === 0 ? 0x87 : 0);
    await settled();
    const command = world.command(sent.text);
    if (command && i % 10 === 1) world.outbox.acknowledged(command.device, { id: command.id, ok: false });
    if (command && i % 10 > 2) world.outbox.acknowledged(command.device, { id: command.id, ok: true });
  }
  world.outbox.stopBatch(id);
  world.clock.advance(60_000);
  const found = counts(world);
  expect(Object.values(found).reduce((sum, n) => sum + n, 0)).toBe(500);
  expect(found).toMatchObject({ done: expect.any(Number), failed: expect.any(Number) });
  expect(found['unanswered']).toBeGreaterThan(0);
  expect(found['refused']).toBeGreaterThanOrEqual(500 - reached);
  expect(world.sent).toHaveLength(reached);
  expect(world.clock.waiting).toBe(0);
});

test('stopped: what was sent goes on, what was not never is', async () => {
  const world = new OutboxWorld();
  const id = await batch(world, 20);
  world.clock.advance(500);
  const reached = world.sent.length;
  world.outbox.stopBatch(id);
  world.clock.advance(1_000);
  expect(world.sent).toHaveLength(reached);
  expect(counts(world)).toEqual({ sent: reached, refused: 20 - reached });
});

test('the link is lost half way: what the broker did not answer goes again, the rest at the same rate', async () => {
  const world = new OutboxWorld();
  await batch(world, 20, { ttl: 60 });
  world.clock.advance(950);
  const first = world.sent.map(({ text }) => text);
  await world.lose();
  world.clock.advance(30_000);
  const again = world.comeBack();
  for (let i = 0; i < 100 && counts(world)['accepted'] !== 20; i++) {
    for (const sent of again.sent) sent.acknowledge();
    await settled();
    world.clock.advance(50);
  }
  expect(counts(world)).toEqual({ accepted: 20 });
  expect(again.sent.map(({ text }) => text)).toEqual(expect.arrayContaining(first));
  expect(again.sent).toHaveLength(20);
});

test('a page that is opened again goes on with the batch, at its rate', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  await batch(world, 30, { ttl: 60 });
  const next = new OutboxWorld();
  next.session = undefined;
  next.outbox.restore(commands(world));
  next.comeBack();
  next.clock.advance(1_000);
  expect(next.sent.length).toBeLessThanOrEqual(12);
  next.clock.advance(3_000);
  expect(next.sent).toHaveLength(30);
});

test('asked twice by a tab that lost its leader, it is one batch', async () => {
  const world = new OutboxWorld();
  await batch(world, 5, { id: 'b' });
  expect(await batch(world, 5, { id: 'b' })).toBe('b');
  expect(world.outbox.commands.size).toBe(5);
});

test.each([
  [0, {}, 'to 1 to 2000 devices'],
  [2_001, {}, 'to 1 to 2000 devices'],
  [3, { perSecond: 0 }, 'Choose another rate'],
  [3, { perSecond: NaN }, 'Choose another rate'],
])('%i devices, %o: one sentence', async (count, more, sentence) => {
  await expect(batch(new OutboxWorld(), count, more)).rejects.toThrow(sentence);
});

test('at QoS 0 a command is sent, and no silence of the broker is taken for its word', async () => {
  const world = new OutboxWorld();
  world.write = (command) => [
    { topic: command.device, payload: new TextEncoder().encode(command.id), qos: 0, retain: false },
  ];
  const { id } = await world.outbox.send({
    device: 'devices:a',
    name: 'raw',
    args: null,
    raw: '{}',
    handling: { qos: 0 },
  });
  world.sent[0]?.acknowledge();
  await settled();
  expect(world.command(id)).toMatchObject({ outcome: 'sent', handling: { qos: 0 } });
  const next = new OutboxWorld();
  next.outbox.restore(commands(world));
  next.outbox.pump();
  expect(next.sent).toHaveLength(0);
});
