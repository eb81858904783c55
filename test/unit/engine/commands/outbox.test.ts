import { expect, test } from 'vitest';
import type { Command } from '../../../../src/model/command.ts';
import { settled } from '../../../support/fake-session.ts';
import { OutboxWorld, PUMP } from './outbox-world.ts';

test('a command is sent only after it is stored', async () => {
  const world = new OutboxWorld();
  const stored: (() => void)[] = [];
  world.save = () => new Promise((resolve) => void stored.push(resolve));
  const sending = world.send();
  await settled();
  expect(world.sent).toHaveLength(0);
  stored[0]?.();
  const command = await sending;
  expect(world.sent.map((sent) => sent.text)).toEqual([command.id]);
});

test('a command that cannot be stored is not sent and not listed', async () => {
  const world = new OutboxWorld();
  world.save = () => Promise.reject(new Error('The disk is full.'));
  await expect(world.send()).rejects.toThrow('The disk is full.');
  world.outbox.pump();
  expect(world.sent).toHaveLength(0);
  expect(world.outbox.commands.size).toBe(0);
  expect(world.clock.waiting).toBe(0);
});

test('a device that takes no such command says so before anything is stored', async () => {
  const world = new OutboxWorld();
  world.write = () => {
    throw new Error('This device cannot do that.');
  };
  await expect(world.send()).rejects.toThrow('This device cannot do that.');
  expect(world.saved).toHaveLength(0);
});

test('without a link a command waits, and goes when the link comes', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  const { id } = await world.send();
  expect(world.command(id)?.outcome).toBe('queued');
  world.clock.advance(5_000);
  world.comeBack();
  expect(world.sent).toHaveLength(1);
  expect(world.command(id)).toMatchObject({ outcome: 'sent', attempts: 1, sentAt: world.clock.now() });
  expect(world.sent[0]?.expirySeconds).toBe(55);
});

test('a command whose deadline passes without a link is expired and never sent', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  const { id } = await world.send(10);
  world.clock.advance(10_000);
  expect(world.command(id)).toMatchObject({ outcome: 'expired', settledAt: world.clock.now() });
  world.comeBack();
  expect(world.sent).toHaveLength(0);
});

test('a machine that slept past the deadline sends nothing when it wakes, whatever runs first', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  const { id } = await world.send(10);
  const pump = () => void world.comeBack();
  world.clock.after(0, pump);
  world.clock.sleep(3_600_000);
  expect(world.sent).toHaveLength(0);
  expect(world.command(id)?.outcome).toBe('expired');
});

test('sent, then accepted by the broker, then done by the device', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.sent[0]?.acknowledge();
  await settled();
  expect(world.command(id)).toMatchObject({ outcome: 'accepted', acceptedAt: world.clock.now() });
  world.outbox.acknowledged(PUMP, { id, ok: true, result: { relay: 1 } });
  expect(world.command(id)).toMatchObject({ outcome: 'done', result: { relay: 1 }, provenBy: 'ack' });
  expect(world.saved.map((command) => command.outcome)).toEqual(['queued', 'sent', 'accepted', 'done']);
  expect(world.clock.waiting).toBe(0);
});

test('a PUBACK that proves nothing leaves the command sent, with the time of the PUBACK', async () => {
  const world = new OutboxWorld();
  world.proves = false;
  const { id } = await world.send();
  world.clock.advance(20);
  world.sent[0]?.acknowledge();
  await settled();
  expect(world.command(id)).toMatchObject({ outcome: 'sent', pubackAt: world.clock.now() });
  expect(world.command(id)?.acceptedAt).toBeUndefined();
});

test.each([
  [0x87, 'ada may not publish on devices:pump-1/cmd'],
  [0x97, 'reason code 0x97'],
])('a PUBACK with code 0x%x is a refusal', async (code, why) => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.sent[0]?.acknowledge(code);
  await settled();
  expect(world.command(id)).toMatchObject({
    outcome: 'refused',
    error: `The broker refused the command: ${why}.`,
  });
});

test('a device that is faster than the PUBACK has the last word', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.outbox.acknowledged(PUMP, { id, ok: true });
  world.sent[0]?.acknowledge(0x87);
  await settled();
  expect(world.command(id)?.outcome).toBe('done');
});

test('the device says no', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.outbox.acknowledged(PUMP, { id, ok: false, error: 'too hot' });
  expect(world.command(id)).toMatchObject({ outcome: 'failed', error: 'too hot' });
});

test('a second answer of the device changes nothing', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.outbox.acknowledged(PUMP, { id, ok: true });
  world.outbox.acknowledged(PUMP, { id, ok: false, error: 'again' });
  expect(world.command(id)).toMatchObject({ outcome: 'done' });
  expect(world.command(id)?.error).toBeUndefined();
});

test('no answer by the deadline is unanswered, and a late answer still says what happened', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send(10);
  world.sent[0]?.acknowledge();
  await settled();
  world.clock.advance(10_000);
  expect(world.command(id)?.outcome).toBe('unanswered');
  world.clock.advance(60_000);
  world.outbox.acknowledged(PUMP, { id, ok: true });
  expect(world.command(id)).toMatchObject({ outcome: 'done', settledAt: world.clock.now() });
});

test('another device cannot answer for the one that was meant, nor for an id that nobody sent', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.outbox.acknowledged('devices:evil', { id, ok: true });
  world.outbox.acknowledged(PUMP, { id: '__proto__', ok: true });
  expect(world.command(id)?.outcome).toBe('sent');
  expect(world.outbox.commands.size).toBe(1);
});

test('a command is taken back before it is sent, and not after', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  const first = await world.send();
  world.outbox.cancel(first.id);
  expect(world.command(first.id)).toMatchObject({ outcome: 'refused' });
  world.comeBack();
  expect(world.sent).toHaveLength(0);
  const second = await world.send();
  expect(() => world.outbox.cancel(second.id)).toThrow('has been sent');
  await world.lose();
  // It waits to be sent again, but the device may have it already.
  expect(world.command(second.id)?.outcome).toBe('queued');
  expect(() => world.outbox.cancel(second.id)).toThrow('has been sent');
  expect(() => world.outbox.cancel('unknown')).toThrow('not known');
});

test('telemetry proves a command whose device never answers, once it was sent', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  const { id } = await world.send(60, { confirms: { channel: 'relay', equals: true } });
  world.outbox.sampled(PUMP, 'relay', true);
  expect(world.command(id)?.outcome).toBe('queued');
  world.comeBack();
  world.outbox.sampled(PUMP, 'relay', false);
  world.outbox.sampled(PUMP, 'relay', 1);
  world.outbox.sampled(PUMP, 'pump', true);
  world.outbox.sampled('devices:other', 'relay', true);
  expect(world.command(id)?.outcome).toBe('sent');
  world.outbox.sampled(PUMP, 'relay', true);
  expect(world.command(id)).toMatchObject({ outcome: 'done', provenBy: 'telemetry' });
});

test('a lifetime that is none is refused with one sentence', async () => {
  const world = new OutboxWorld();
  for (const ttl of [0, -1, NaN, Infinity, 1e9]) {
    await expect(world.send(ttl)).rejects.toThrow(/^A command can wait .*\.$/);
  }
  expect(world.saved).toHaveLength(0);
});

test('a lifetime of a week does not end at once', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send(7 * 86_400);
  world.clock.advance(7 * 86_400_000 - 1);
  expect(world.command(id)?.outcome).toBe('sent');
  world.clock.advance(1);
  expect(world.command(id)?.outcome).toBe('unanswered');
});

test('3,000 commands: the settled ones make room, the open ones stay', async () => {
  const world = new OutboxWorld();
  const open = await world.send(86_400);
  for (let i = 0; i < 3_000; i++) {
    const { id } = await world.send();
    world.outbox.acknowledged(PUMP, { id, ok: true });
  }
  expect(world.outbox.commands.size).toBeLessThanOrEqual(2_501);
  expect(world.command(open.id)?.outcome).toBe('sent');
});

test('a page that is opened again takes up what the last one left behind', async () => {
  const world = new OutboxWorld();
  world.session = undefined;
  const now = world.clock.now();
  const base: Command = {
    id: 'a',
    device: PUMP,
    name: 'x',
    args: {},
    by: 'ada',
    topic: 't',
    bytes: 2,
    outcome: 'queued',
    createdAt: now - 5_000,
    deadline: now + 5_000,
    attempts: 0,
  };
  world.outbox.restore([
    base,
    { ...base, id: 'late', deadline: now - 1 },
    { ...base, id: 'lost', outcome: 'sent', sentAt: now - 4_000, attempts: 1 },
    { ...base, id: 'taken', outcome: 'accepted', sentAt: now - 4_000, attempts: 1, pubackAt: now - 3_900 },
    { ...base, id: 'old', outcome: 'done', settledAt: now - 1_000 },
  ]);
  world.clock.advance(0);
  world.comeBack();
  world.sent.forEach((sent) => sent.acknowledge());
  await settled();
  // The broker never said that it took `lost`; the device drops it by its id if it did.
  expect(world.sent.map((sent) => sent.text).sort()).toEqual(['a', 'lost']);
  expect(world.command('late')?.outcome).toBe('expired');
  expect(world.command('old')?.outcome).toBe('done');
  world.clock.advance(5_000);
  expect(world.command('taken')?.outcome).toBe('unanswered');
});

test('after the end nothing is settled and no timer is left', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.outbox.stop();
  expect(world.clock.waiting).toBe(0);
  expect(world.command(id)?.outcome).toBe('sent');
});

test.each([
  ['the policy allows', { messageBytes: 20, packetBytes: undefined }, 'the policy of this broker allows 20.'],
  ['the broker takes', { messageBytes: undefined, packetBytes: 90 }, 'the broker takes 90.'],
])('what is larger than %s is not sent, and what comes after it goes', async (_who, limits, error) => {
  const world = new OutboxWorld();
  world.limits = limits;
  const write = world.write;
  world.write = (command, now) =>
    write(command, now).map((publish) => ({
      ...publish,
      payload: new Uint8Array(command.args === 'large' ? 21 : 1),
    }));
  const send = (args: unknown) => world.outbox.send({ device: PUMP, name: 'say', args });
  const large = await send('large');
  const small = await send('small');
  expect(world.command(large.id)).toMatchObject({
    outcome: 'refused',
    error: expect.stringContaining(error),
  });
  expect(world.command(small.id)?.outcome).toBe('sent');
  expect(world.sent).toHaveLength(1);
});
