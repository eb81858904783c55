import { afterEach, beforeEach, expect, test } from 'vitest';
import { connack } from '../../../support/scripted-broker.ts';
import { ConnectionWorld } from './connection-world.ts';

let world: ConnectionWorld;
beforeEach(() => (world = new ConnectionWorld()));
afterEach(() => world.connection.end());

/** The link is closed without a word after `ms`. */
async function closedAfter(ms: number): Promise<void> {
  world.clock.advance(ms);
  world.broker.last?.closeWith(1006);
  await world.changes.until('there is no link', () => world.phase === 'offline' || world.phase === 'refused');
}

async function backAtOnce(): Promise<void> {
  world.connection.retryNow();
  await world.reaches('live');
}

test('another client with our id throws us off three times: we stop and say so', async () => {
  await world.connect();
  for (const wait of [900, 4_000]) {
    await closedAfter(wait);
    expect(world.phase).toBe('offline');
    await backAtOnce();
  }
  await closedAfter(2_000);
  expect(world.connection.state).toMatchObject({ phase: 'refused', cause: 'taken-over' });
  expect(world.connection.state.reason).toContain('Another client probably uses the same client id');
  expect(world.clock.waiting).toBe(0);
  world.connection.retryNow();
  expect(world.broker.sockets).toHaveLength(3);
});

test('three closings over more than five minutes are no takeover', async () => {
  await world.connect();
  for (const wait of [9_000, 9_000, 9_000, 9_000]) {
    await closedAfter(wait);
    expect(world.phase).toBe('offline');
    world.clock.set(world.clock.now() + 150_000);
    await backAtOnce();
  }
});

test('a phone that changes from one network to the next, each time after some seconds, is not thrown off', async () => {
  await world.connect();
  for (let i = 0; i < 6; i++) {
    await closedAfter(12_000);
    expect(world.phase).toBe('offline');
    await backAtOnce();
  }
});

test('an endpoint that takes its time to answer is a bad network and no rival', async () => {
  await world.connect();
  for (let i = 0; i < 6; i++) {
    await closedAfter(1_000);
    expect(world.phase).toBe('offline');
    world.silence();
    world.connection.retryNow();
    await world.asked(i + 2);
    world.clock.advance(2_500);
    world.broker.script = () => true;
    world.broker.last?.answer(connack(0));
    await world.reaches('live');
  }
});

test('a broker that was away in between was restarted, not shared', async () => {
  await world.connect();
  for (let i = 0; i < 4; i++) {
    await closedAfter(1_000);
    expect(world.phase).toBe('offline');
    world.broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    world.connection.retryNow();
    await world.changes.until('an attempt failed', () => world.connection.state.cause === 'unreachable');
    world.broker.script = () => true;
    await backAtOnce();
  }
});

test('a closing that says why is no takeover', async () => {
  await world.connect();
  for (let i = 0; i < 4; i++) {
    world.clock.advance(1_000);
    world.broker.last?.closeWith(1006, 'maintenance');
    await world.reaches('offline');
    await backAtOnce();
  }
});

test('a closing that may be the answer to what we asked is no takeover', async () => {
  world.awaitsAnswer = true;
  await world.connect();
  for (let i = 0; i < 4; i++) {
    await closedAfter(1_000);
    expect(world.phase).toBe('offline');
    await backAtOnce();
  }
});
