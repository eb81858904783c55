import { expect, test } from 'vitest';
import { settled } from '../../../support/fake-session.ts';
import { OutboxWorld, PUMP } from './outbox-world.ts';

test('a command without a PUBACK goes again with the same id when the link is back', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  const sentAt = world.clock.now();
  world.clock.advance(5_000);
  await world.lose();
  expect(world.command(id)).toMatchObject({ outcome: 'queued', attempts: 1, sentAt });
  world.comeBack();
  expect(world.sent.map((sent) => sent.text)).toEqual([id]);
  expect(world.command(id)).toMatchObject({ outcome: 'sent', attempts: 2, sentAt });
});

test('a command with a PUBACK does not go again', async () => {
  const world = new OutboxWorld();
  await world.send();
  world.sent[0]?.acknowledge();
  await settled();
  await world.lose();
  world.comeBack();
  expect(world.sent).toHaveLength(0);
});

test('a command is never sent again after its deadline, and then reads unanswered, not expired', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send(10);
  world.clock.advance(5_000);
  await world.lose();
  world.clock.advance(5_000);
  world.comeBack();
  expect(world.sent).toHaveLength(0);
  expect(world.command(id)?.outcome).toBe('unanswered');
});

test('the broker closes on a command that the policy forbids: refused at once, not sent again', async () => {
  const world = new OutboxWorld();
  world.forbidden = true;
  const { id } = await world.send();
  await world.lose();
  expect(world.command(id)?.outcome).toBe('refused');
  expect(world.command(id)?.error).toContain('ada may not publish on devices:pump-1/cmd');
  world.comeBack();
  expect(world.sent).toHaveLength(0);
});

test('the broker closes on a command twice, alone each time: refused, not sent a third time', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  await world.lose();
  expect(world.command(id)?.outcome).toBe('queued');
  world.comeBack();
  world.clock.advance(100);
  await world.lose();
  expect(world.command(id)?.outcome).toBe('refused');
  world.comeBack();
  expect(world.sent).toHaveLength(0);
});

test('a link that breaks late is not blamed on the command', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send(600);
  for (let i = 0; i < 4; i++) {
    world.clock.advance(10_000);
    await world.lose();
    expect(world.command(id)?.outcome).toBe('queued');
    world.comeBack();
  }
  expect(world.command(id)?.attempts).toBe(5);
});

test('one loss that came soon after a send is not enough to blame the command', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send(600);
  world.clock.advance(30_000);
  await world.lose();
  world.comeBack();
  world.clock.advance(100);
  await world.lose();
  expect(world.command(id)?.outcome).toBe('queued');
});

test('one denied command does not take an innocent one with it', async () => {
  const world = new OutboxWorld();
  const guilty = await world.send();
  world.clock.advance(1);
  const innocent = await world.send();
  // The broker closes whenever it gets the first one, and answers everything else.
  for (let round = 0; round < 5; round++) {
    if (world.sent.some((sent) => sent.text === guilty.id)) await world.lose();
    else world.sent.forEach((sent) => sent.acknowledge());
    await settled();
    if (!world.session) world.comeBack();
  }
  expect(world.command(guilty.id)?.outcome).toBe('refused');
  expect(world.command(innocent.id)?.outcome).toBe('accepted');
});

test('many commands that were in flight when the link was lost all go again, one after the other', async () => {
  const world = new OutboxWorld();
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    ids.push((await world.send()).id);
    world.clock.advance(1);
  }
  await world.lose();
  world.comeBack();
  const fresh = await world.send();
  for (let i = 0; i < 10; i++) {
    world.sent.forEach((sent) => sent.acknowledge());
    await settled();
  }
  expect(world.sent.map((sent) => sent.text)).toEqual([...ids, fresh.id]);
});

test('a broker that never acknowledges a repeated command does not hold up the others for ever', async () => {
  const world = new OutboxWorld();
  await world.send(10);
  await world.lose();
  world.comeBack();
  const next = await world.send(60);
  expect(world.sent).toHaveLength(1);
  world.clock.advance(10_000);
  expect(world.sent.map((sent) => sent.text)).toContain(next.id);
});

test('a command that the device answered is not sent again when the link is lost before the PUBACK', async () => {
  const world = new OutboxWorld();
  const { id } = await world.send();
  world.outbox.acknowledged(PUMP, { id, ok: true });
  await world.lose();
  world.comeBack();
  expect(world.sent).toHaveLength(0);
  expect(world.command(id)?.outcome).toBe('done');
});

test('what waits behind a repeated command goes when telemetry proves that one without any PUBACK', async () => {
  const world = new OutboxWorld();
  await world.send(60, { confirms: { channel: 'relay', equals: true } });
  await world.lose();
  world.comeBack();
  const next = await world.send(60);
  world.outbox.sampled(PUMP, 'relay', true);
  expect(world.sent.map((sent) => sent.text)).toContain(next.id);
});
