import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/model/command.ts';
import { OutboxWorld } from './outbox-world.ts';

const HOUR = 3_600_000;

/** A command that waits for a link, with `seconds` to go. */
async function waiting(seconds: number): Promise<{ world: OutboxWorld; id: string }> {
  const world = new OutboxWorld();
  world.session = undefined;
  const { id } = await world.send(seconds);
  return { world, id };
}

/** Another page's life: the commands as the store has them, read when the clock shows `now`. */
function reloaded(stored: Command | undefined, now: number, since?: number): OutboxWorld {
  const world = new OutboxWorld();
  world.clock.set(now);
  world.session = undefined;
  world.outbox.restore(stored ? [stored] : [], since);
  return world;
}

describe('the clock of the computer is set', () => {
  test('back by an hour: the deadline is where it was', async () => {
    const { world, id } = await waiting(60);
    world.clock.set(world.clock.now() - HOUR);
    world.clock.advance(59_000);
    expect(world.command(id)?.outcome).toBe('queued');
    world.clock.advance(1_000);
    expect(world.command(id)?.outcome).toBe('expired');
    world.comeBack();
    expect(world.sent).toHaveLength(0);
  });

  test('back by an hour: what is sent says how long it really has, to the broker and to the device', async () => {
    const { world } = await waiting(60);
    const left: number[] = [];
    const { write } = world;
    world.write = (command, now) => {
      left.push(command.deadline - now);
      return write(command, now);
    };
    world.clock.set(world.clock.now() - HOUR);
    world.clock.advance(20_000);
    world.comeBack();
    expect(world.sent[0]?.expirySeconds).toBe(40);
    expect(left).toEqual([40_000]);
  });

  test('forward past the deadline: it expires within a second, and is not sent before', async () => {
    const { world, id } = await waiting(60);
    world.clock.set(world.clock.now() + HOUR);
    world.comeBack();
    expect(world.sent).toHaveLength(0);
    expect(world.command(id)?.outcome).toBe('expired');
    const other = await waiting(60);
    other.world.clock.set(other.world.clock.now() + HOUR);
    other.world.clock.advance(1_000);
    expect(other.world.command(other.id)?.outcome).toBe('expired');
  });
});

describe('the page is loaded again', () => {
  test('before the deadline: it is sent with what is left', async () => {
    const { world, id } = await waiting(60);
    const later = reloaded(world.command(id), world.clock.now() + 30_000);
    later.comeBack();
    expect(later.sent[0]?.expirySeconds).toBe(30);
  });

  test('after the deadline: it is never sent, whatever runs first', async () => {
    const { world, id } = await waiting(60);
    const later = reloaded(world.command(id), world.clock.now() + 60_000);
    later.comeBack();
    expect(later.sent).toHaveLength(0);
    expect(later.command(id)?.outcome).toBe('expired');
  });

  test('with the clock set back before the command was made: nobody knows how old it is, so it is not sent', async () => {
    const { world, id } = await waiting(60);
    const later = reloaded(world.command(id), world.clock.now() - 10_000);
    later.comeBack();
    expect(later.sent).toHaveLength(0);
    expect(later.command(id)?.outcome).toBe('expired');
  });

  test('with the clock set back before somebody last listened: it is not sent', async () => {
    const { world, id } = await waiting(60);
    const made = world.clock.now();
    const later = reloaded(world.command(id), made + 5_000, made + 40_000);
    later.comeBack();
    expect(later.sent).toHaveLength(0);
  });

  test('with the clock put right by a second: it is sent with what is certainly left', async () => {
    const { world, id } = await waiting(60);
    const made = world.clock.now();
    const later = reloaded(world.command(id), made + 29_000, made + 30_000);
    later.comeBack();
    expect(later.sent[0]?.expirySeconds).toBe(30);
  });
});
