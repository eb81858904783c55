import { describe, expect, test } from 'vitest';
import { timeToLive, type Command } from '../../../../src/model/command.ts';
import { settled } from '../../../support/fake-session.ts';
import { OutboxWorld, PUMP } from './outbox-world.ts';

const HOUR = 3_600_000;

/** A command that waits for a link, with `seconds` to go. */
async function waiting(seconds: number): Promise<{ world: OutboxWorld; id: string }> {
  const world = new OutboxWorld();
  world.session = undefined;
  const { id } = await world.send(seconds);
  return { world, id };
}

/** What the store has of all commands. */
function stored({ saved }: OutboxWorld): Command[] {
  return [...new Map(saved.map((command) => [command.id, command])).values()];
}

/** Another page's life, as the store has it, with the clock `later` ms on from what this one showed. */
function takenOver(world: OutboxWorld, later: number): OutboxWorld {
  const next = new OutboxWorld();
  next.clock.set(world.clock.now() + later);
  next.session = undefined;
  next.outbox.restore(stored(world), world.seen);
  return next;
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

describe('the computer crashes after its clock was set back', () => {
  test('seen: what takes over sends it with what it really has left, and not after', async () => {
    const { world, id } = await waiting(60);
    world.clock.advance(40_000);
    world.clock.set(world.clock.now() - 30_000);
    world.clock.advance(1_000);
    const next = takenOver(world, 4_000);
    next.comeBack();
    expect(next.sent[0]?.expirySeconds).toBe(15);
    const other = takenOver(world, 4_000);
    other.clock.advance(15_000);
    other.comeBack();
    expect(other.sent).toHaveLength(0);
    expect(other.command(id)?.outcome).toBe('expired');
  });

  test('not seen any more: nobody knows how old it is, so it is not sent', async () => {
    const { world, id } = await waiting(60);
    world.clock.advance(40_000);
    const next = takenOver(world, -29_000);
    next.comeBack();
    expect(next.sent).toHaveLength(0);
    expect(next.command(id)?.outcome).toBe('expired');
  });

  test('before the command was made, and seen: it is known how old it is', async () => {
    const { world } = await waiting(600);
    world.clock.advance(40_000);
    world.clock.set(world.clock.now() - HOUR);
    world.clock.advance(1_000);
    const next = takenOver(world, 9_000);
    next.comeBack();
    expect(next.sent[0]?.expirySeconds).toBe(550);
  });

  test('what was made after it has the whole of its own time', async () => {
    const { world } = await waiting(600);
    world.clock.advance(10_000);
    world.clock.set(world.clock.now() - HOUR);
    world.clock.advance(5_000);
    const { id } = await world.send(60);
    const next = takenOver(world, 20_000);
    next.comeBack();
    expect(next.sent.find(({ text }) => text === id)?.expirySeconds).toBe(40);
  });

  test('twice: both count', async () => {
    const { world, id } = await waiting(600);
    for (const back of [HOUR, 60_000]) {
      world.clock.advance(10_000);
      world.clock.set(world.clock.now() - back);
      world.clock.advance(1_000);
    }
    expect(world.command(id)?.clockSet?.by).toBe(-HOUR - 60_000);
    const next = takenOver(world, 0);
    next.comeBack();
    expect(next.sent[0]?.expirySeconds).toBe(578);
  });
});

describe('what is stored of the clock', () => {
  test('is at most 2 s old while a command is open, and is let be when none is', async () => {
    const { world, id } = await waiting(60);
    for (let second = 0; second < 10; second++) {
      world.clock.advance(1_000);
      await settled();
      expect(world.clock.now() - world.seen!).toBeLessThanOrEqual(2_000);
    }
    world.outbox.cancel(id);
    const last = world.seen;
    world.clock.advance(HOUR);
    expect(world.seen).toBe(last);
    expect(world.clock.waiting).toBe(0);
  });

  test('after it was set back: nothing without the moved deadlines, which are tried again until they are stored', async () => {
    const { world, id } = await waiting(600);
    world.clock.advance(10_000);
    const before = world.seen!;
    const { clockSeen } = world;
    let asked = 0;
    world.clockSeen = async (_now, moved) => {
      asked += moved().length;
      throw new Error('Full.');
    };
    world.clock.set(world.clock.now() - HOUR);
    for (let second = 0; second < 5; second++) {
      world.clock.advance(1_000);
      await settled();
    }
    expect([asked, world.seen]).toEqual([5, before]);
    world.clockSeen = clockSeen;
    world.saved.length = 0;
    world.clock.advance(1_000);
    await settled();
    expect(world.seen).toBe(world.clock.now());
    expect(stored(world)).toMatchObject([{ id, deadline: world.clock.now() + 584_000 }]);
    world.saved.length = 0;
    world.clock.advance(10_000);
    expect(world.saved).toEqual([]);
  });

  test('a moved deadline leaves the time for which the command was meant, so that it can be sent again', async () => {
    const { world, id } = await waiting(600);
    world.clock.advance(10_000);
    world.clock.set(world.clock.now() - HOUR);
    world.clock.advance(1_000);
    expect(timeToLive(world.command(id)!)).toBe(600);
  });
});

describe('the clock is set back by an hour while a command is on its way to the outbox', () => {
  test('during the storing: it is not sent after its deadline', async () => {
    const world = new OutboxWorld();
    world.session = undefined;
    const { save } = world;
    world.save = async (commands) => {
      world.clock.set(world.clock.now() - HOUR);
      world.clock.advance(10_000);
      await save(commands);
    };
    const { id } = await world.send(60);
    world.clock.advance(49_000);
    expect(world.command(id)?.outcome).toBe('queued');
    world.clock.advance(1_000);
    world.comeBack();
    expect(world.sent).toHaveLength(0);
    expect(world.command(id)?.outcome).toBe('expired');
  });

  test('during the call of another tab: nobody knows how old it is, so it is not sent', async () => {
    const world = new OutboxWorld();
    const at = world.clock.now();
    world.clock.set(at - HOUR);
    const command = await world.outbox.send({ device: PUMP, name: 'switch', args: {}, ttl: 60, at });
    expect(world.sent).toHaveLength(0);
    expect(command.outcome).toBe('expired');
  });

  test('and cannot be stored: it is told, and nothing waits for it', async () => {
    const world = new OutboxWorld();
    world.save = () => Promise.reject(new Error('Full.'));
    await expect(world.send(60)).rejects.toThrow('Full.');
    expect(world.clock.waiting).toBe(0);
  });
});

describe('in which order they go', () => {
  test('as they were made, although the clock was set back in between', async () => {
    const { world, id: first } = await waiting(600);
    world.clock.advance(1_000);
    world.clock.set(world.clock.now() - 60_000);
    const { id: second } = await world.send(600);
    world.comeBack();
    expect(world.sent.map(({ text }) => text)).toEqual([first, second]);
  });

  test('also when some were made by an earlier page', async () => {
    const { world, id: first } = await waiting(600);
    world.clock.advance(1_000);
    world.clock.set(world.clock.now() - 60_000);
    world.clock.advance(1_000);
    const next = takenOver(world, 0);
    const { id: second } = await next.outbox.send({ device: PUMP, name: 'x', args: {}, id: 'a', ttl: 600 });
    next.comeBack();
    expect(next.sent.map(({ text }) => text)).toEqual([first, second]);
  });

  test('those that were stored without a number go first, by the time at which they were made', async () => {
    const { world, id } = await waiting(600);
    const { seq: _seq, ...old } = world.command(id)!;
    const next = new OutboxWorld();
    next.session = undefined;
    await next.outbox.send({ device: PUMP, name: 'x', args: {}, id: 'new', ttl: 600 });
    next.outbox.restore([
      { ...old, id: 'later', createdAt: old.createdAt + 2 },
      { ...old, id: 'earlier', createdAt: old.createdAt + 1 },
    ]);
    next.comeBack();
    expect(next.sent.map(({ text }) => text)).toEqual(['earlier', 'later', 'new']);
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
