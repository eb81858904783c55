import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settled } from '../../../support/fake-session.ts';
import { ConnectionWorld } from './connection-world.ts';

let world: ConnectionWorld;
beforeEach(() => (world = new ConnectionWorld()));
afterEach(() => world.connection.end());

const pings = () => world.broker.sockets[0]?.packets.filter(({ cmd }) => cmd === 'pingreq').length;

/** The socket is half-open: what is sent into it comes to nobody. */
function goDeaf(): void {
  world.broker.script = () => false;
}

describe('a machine that slept', () => {
  test('asks its socket, says stale at once, and believes it when bytes come', async () => {
    await world.connect();
    goDeaf();
    world.clock.sleep(300_000);
    await settled();
    expect(pings()).toBe(1);
    expect(world.phase).toBe('stale');
    world.clock.advance(2_900);
    world.broker.last?.answer({ cmd: 'pingresp' });
    expect(world.phase).toBe('live');
    world.clock.advance(10_000);
    await settled();
    expect(world.broker.sockets).toHaveLength(1);
  });

  test('gives a socket up that says nothing for 3 s, once, and connects anew', async () => {
    await world.connect();
    goDeaf();
    world.clock.sleep(300_000);
    world.clock.advance(3_000);
    expect(world.connection.state).toMatchObject({ phase: 'offline', cause: 'keepalive', attempts: 1 });
    expect(world.downs).toHaveLength(1);
    world.broker.script = () => true;
    world.clock.advance(1_000);
    await world.reaches('live');
    expect(world.downs).toHaveLength(1);
    expect(world.broker.sockets[0]?.closed).toBe(true);
  });

  test('asks again when it fell asleep before the answer could be read', async () => {
    await world.connect();
    goDeaf();
    world.clock.sleep(300_000);
    world.clock.sleep(600_000);
    expect(world.phase).toBe('stale');
    world.clock.advance(3_000);
    expect(world.phase).toBe('offline');
  });
});

test('a computer whose clock was set back asks its socket too', async () => {
  await world.connect();
  world.clock.set(world.clock.now() - 3_600_000);
  world.clock.advance(1_000);
  await settled();
  expect(pings()).toBe(1);
});

test.each(['the page is seen again', 'the network is back'])('%s: the link is asked', async (what) => {
  await world.connect();
  goDeaf();
  world.connection.setPage('hidden');
  if (what === 'the page is seen again') world.connection.setPage('visible');
  else world.connection.retryNow();
  await settled();
  expect(pings()).toBe(1);
  world.clock.advance(3_000);
  expect(world.phase).toBe('offline');
});

test('a ping that is answered leaves nothing behind', async () => {
  await world.connect();
  const timers = world.clock.waiting;
  world.connection.retryNow();
  await settled();
  expect(world.clock.waiting).toBe(timers);
  expect(world.phase).toBe('live');
});
