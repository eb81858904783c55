import { beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../../../src/model/command.ts';
import { settled } from '../../../support/fake-session.ts';
import { ConfigWorld, ON_ITS_WAY, TOPIC } from './config-world.ts';
import { PUMP } from '../commands/outbox-world.ts';

let world: ConfigWorld;
beforeEach(() => {
  world = new ConfigWorld();
});

describe('a configuration that somebody asks for', () => {
  test('goes once what is asked for now is known, and without an expiry for the broker', async () => {
    await world.ask({ limit: 70 }, { limit: 60 });
    expect(world.sent).toEqual([]);
    world.stored({ limit: 60 });
    expect(world.sent.map(({ expirySeconds }) => expirySeconds)).toEqual([undefined]);
  });

  test('goes for a device of which nothing is asked when nothing retained has come', async () => {
    await world.ask({ limit: 70 }, null);
    expect(world.sent).toEqual([]);
    world.clock.advance(ON_ITS_WAY);
    expect(world.sent).toHaveLength(1);
  });

  test('is accepted when the broker hands it out, also where its PUBACK proves nothing', async () => {
    world.proves = false;
    world.stored({ limit: 60 });
    await world.ask({ limit: 70 }, { limit: 60 });
    await world.acknowledged();
    expect(world.last.outcome).toBe('sent');
    world.arrives('desired', { limit: 70.0 });
    expect(world.last.outcome).toBe('accepted');
  });

  test('is done when the device reports it, more and other keys than asked for included', async () => {
    world.stored({ limit: 60, mode: 'eco' });
    await world.ask({ limit: 70, mode: 'eco' }, { limit: 60, mode: 'eco' });
    await world.takenUp();
    world.arrives('reported', { mode: 'eco', version: 3, limit: 70 });
    expect(world.last.outcome).toBe('done');
    expect(world.command('id-1')).toMatchObject({ provenBy: 'report' });
  });

  test('the device keeps another value: said at once, failed when its time is over, done if it comes round', async () => {
    world.stored(null);
    await world.ask({ limit: 90 }, null);
    await world.takenUp();
    world.arrives('reported', { limit: 80 });
    expect(world.last.outcome).toBe('accepted');
    expect(world.last.error).toBe('The device reports something else: limit: asked 90, device keeps 80.');
    world.clock.advance(60_001);
    expect(world.last.outcome).toBe('failed');
    world.arrives('reported', { limit: 90 });
    expect(world.last.outcome).toBe('done');
    expect(world.last.error).toBeUndefined();
  });

  test('what the device had reported before it was asked is no answer', async () => {
    world.arrives('reported', { limit: 80 }, { retain: true });
    world.stored(null);
    await world.ask({ limit: 90 }, null);
    await world.acknowledged();
    expect(world.last.error).toBeUndefined();
    world.clock.advance(60_001);
    expect(world.last.outcome).toBe('unanswered');
  });

  test('clearing is done when the broker has it: no device reports what is not asked', async () => {
    world.stored({ limit: 60 });
    await world.ask(null, { limit: 60 });
    await world.acknowledged();
    expect(world.last.outcome).toBe('done');
  });
});

test('a value that this browser did not keep is not sent in place of the real one', async () => {
  world.stored({ key: 'hunter2' });
  await world.ask({ key: '(not shown)', limit: 70 }, { key: 'hunter2' });
  expect(world.sent).toEqual([]);
  expect(world.last.error).toContain('Fill it in again.');
});

describe('somebody else changes it', () => {
  test('before it is sent: it is refused and says what changed', async () => {
    world.stored({ limit: 60 });
    world.arrives('desired', { limit: 65 });
    await world.ask({ limit: 70 }, { limit: 60 });
    expect(world.sent).toEqual([]);
    expect(world.last.outcome).toBe('refused');
    expect(world.last.error).toContain('(limit from 60 to 65)');
  });

  test('while it waits for a link: what was asked meanwhile is not undone', async () => {
    world.stored({ limit: 60 });
    await world.lose();
    world.configs.down();
    await world.ask({ limit: 70 }, { limit: 60 });
    world.comeBack();
    world.configs.granted();
    expect(world.sent).toEqual([]);
    world.stored({ limit: 65 });
    expect(world.sent).toEqual([]);
    expect(world.last.outcome).toBe('refused');
  });

  test('after it was taken up: it will not be in force, whatever the device reports', async () => {
    world.stored({ limit: 60 });
    await world.ask({ limit: 70 }, { limit: 60 });
    await world.takenUp();
    world.arrives('desired', { limit: 65 });
    expect(world.last.outcome).toBe('failed');
    expect(world.last.error).toBe('Somebody else asked for something else before it was in force.');
    world.arrives('reported', { limit: 70 });
    expect(world.last.outcome).toBe('failed');
  });

  test('and the two cross on the way: the one that the broker hands out last stands', async () => {
    world.stored({ limit: 60 });
    await world.ask({ limit: 70 }, { limit: 60 });
    world.arrives('desired', { limit: 65 });
    expect(world.last.outcome).toBe('sent');
    await world.takenUp();
    world.arrives('reported', { limit: 70 });
    expect(world.last.outcome).toBe('done');
    expect(world.changes.some(({ origin }) => origin === 'elsewhere')).toBe(true);
  });

  test('only in the order of keys: that is no change', async () => {
    world.stored({ a: 1, b: 2 });
    world.arrives('desired', { b: 2, a: 1 });
    await world.ask({ a: 1, b: 3 }, { a: 1, b: 2 });
    expect(world.sent).toHaveLength(1);
    expect(world.changes.filter(({ origin }) => origin !== 'here')).toEqual([]);
  });

  test('a password that changed is not told in the refusal', async () => {
    world.device.published = {
      channels: new Map(),
      commands: [],
      config: { properties: { key: { type: 'string', writeOnly: true } } },
    };
    world.stored({ key: 'hunter2' });
    await world.ask({ key: 'mine' }, { key: 'older' });
    expect(world.last.outcome).toBe('refused');
    expect(JSON.stringify([world.last.error, world.changes])).not.toMatch(/hunter2|mine|older/);
  });
});

describe('two of one’s own, one soon after the other', () => {
  test('the second waits until the first is taken, and has to know of it', async () => {
    world.stored({ limit: 60 });
    await world.ask({ limit: 70 }, { limit: 60 });
    await world.ask({ limit: 75 }, { limit: 60 });
    await world.ask({ limit: 80 }, { limit: 70 });
    expect(world.sent).toHaveLength(1);
    await world.acknowledged();
    expect(world.command('id-2')).toMatchObject({ outcome: 'refused' });
    expect(world.sent).toHaveLength(2);
    expect(world.command('id-1')).toMatchObject({
      outcome: 'failed',
      error: 'Something else was asked for before it was in force.',
    });
  });
});

test('what an earlier page sent says nothing about what is asked now', async () => {
  const earlier: Command = {
    id: 'earlier',
    device: PUMP,
    name: 'configuration',
    args: { limit: 70 },
    config: { base: null },
    by: 'ada',
    topic: TOPIC,
    bytes: 10,
    outcome: 'accepted',
    createdAt: world.clock.now() - 1_000,
    sentAt: world.clock.now() - 900,
    acceptedAt: world.clock.now() - 800,
    deadline: world.clock.now() + 50_000,
    attempts: 1,
  };
  world.outbox.restore([earlier]);
  world.configs.restore([earlier]);
  world.stored({ limit: 65 });
  await world.ask({ limit: 80 }, { limit: 65 });
  expect(world.sent).toHaveLength(1);
});

describe('the link is lost before the PUBACK', () => {
  async function lost(): Promise<void> {
    world.stored({ limit: 60 });
    await world.ask({ limit: 70 }, { limit: 60 });
    expect(world.sent).toHaveLength(1);
    await world.lose();
    world.configs.down();
    expect(world.last.outcome).toBe('queued');
    world.comeBack();
    world.configs.granted();
  }

  test('it has arrived: it is not sent again', async () => {
    await lost();
    world.stored({ limit: 70 });
    expect(world.sent).toEqual([]);
    expect(world.last.outcome).toBe('accepted');
  });

  test('it has not arrived: it is sent again', async () => {
    await lost();
    world.stored({ limit: 60 });
    expect(world.sent).toHaveLength(1);
  });

  test('somebody else wrote meanwhile: it is not sent again', async () => {
    await lost();
    world.stored({ limit: 65 });
    expect(world.sent).toEqual([]);
    expect(world.last.outcome).toBe('refused');
  });
});

describe('a broker that hands out nothing to wildcards', () => {
  /** The time for what is retained is over, and the broker grants the exact topic. */
  async function exactTopicGranted(): Promise<void> {
    world.clock.advance(ON_ITS_WAY);
    world.session?.asked[0]?.grant(1);
    await settled();
  }

  beforeEach(() => {
    world.retainedOnWildcards = false;
  });

  test('is asked for the one topic: what nobody here had seen is not overwritten', async () => {
    await world.ask({ limit: 70 }, null);
    await exactTopicGranted();
    expect(world.session?.asked.map(({ filters }) => filters)).toEqual([[TOPIC]]);
    expect(world.sent).toEqual([]);
    world.stored({ limit: 60 });
    expect(world.last).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('somebody else changed'),
    });
    world.clock.advance(ON_ITS_WAY);
    await settled();
    expect(world.session?.dropped).toEqual([TOPIC]);
    expect(world.sent).toEqual([]);
  });

  test('keeps nothing there: it goes, and the topic is not asked for again on this link', async () => {
    await world.ask({ limit: 70 }, null);
    await exactTopicGranted();
    world.clock.advance(ON_ITS_WAY);
    await settled();
    expect(world.sent).toHaveLength(1);
    await world.acknowledged();
    await world.ask({ limit: 80 }, { limit: 70 });
    expect(world.session?.asked).toHaveLength(1);
  });

  test('what was remembered and is not there any more was cleared while nobody here listened', async () => {
    world.stored({ limit: 60 });
    await world.loseAndComeBack();
    world.clock.advance(ON_ITS_WAY);
    // Not heard yet is not gone.
    expect(world.device.config.desired?.value).toEqual({ limit: 60 });
    await world.ask({ limit: 70 }, { limit: 60 });
    await exactTopicGranted();
    world.clock.advance(ON_ITS_WAY);
    await settled();
    expect(world.device.config.desired).toBeUndefined();
    expect(world.last.error).toContain('somebody else changed');
    expect(world.changes.at(-2)).toMatchObject({ origin: 'away', from: { limit: 60 }, to: null });
  });

  test('ends the link meanwhile: it is asked again on the next one, and nothing goes before', async () => {
    await world.ask({ limit: 70 }, null);
    await exactTopicGranted();
    await world.loseAndComeBack();
    await settled();
    expect(world.sent).toEqual([]);
    await exactTopicGranted();
    expect(world.session?.asked.map(({ filters }) => filters)).toEqual([[TOPIC]]);
    world.clock.advance(ON_ITS_WAY);
    await settled();
    expect(world.sent).toHaveLength(1);
  });

  test('is in doubt for a moment while it is asked: it is asked again on the same link, and the command goes', async () => {
    await world.ask({ limit: 70 }, null);
    await exactTopicGranted();
    const { session } = world;
    world.session = undefined;
    world.clock.advance(ON_ITS_WAY);
    await settled();
    world.session = session;
    world.outbox.pump();
    session?.asked[1]?.grant(1);
    await settled();
    world.clock.advance(ON_ITS_WAY);
    await settled();
    expect(world.sent).toHaveLength(1);
  });

  test('is not asked for a topic that is not for this sign-in', async () => {
    world.delivers = false;
    await world.ask({ limit: 70 }, null);
    world.clock.advance(ON_ITS_WAY);
    expect(world.session?.asked).toEqual([]);
    expect(world.sent).toHaveLength(1);
  });
});
