import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STALE_AFTER_MS } from '../../../../src/engine/connection/connection.ts';
import { connack } from '../../../support/scripted-broker.ts';
import { loadMqtt } from '../../../support/load-mqtt.ts';
import { settled } from '../../../support/fake-session.ts';
import { ConnectionWorld } from './connection-world.ts';

let world: ConnectionWorld;
beforeEach(() => (world = new ConnectionWorld()));
afterEach(() => world.connection.end());

describe('silence', () => {
  test('makes the link stale, and the next byte makes it live again', async () => {
    await world.connect();
    world.clock.advance(STALE_AFTER_MS);
    expect(world.phase).toBe('live');
    world.clock.advance(1);
    expect(world.connection.state).toMatchObject({ phase: 'stale', since: world.clock.now() });
    world.broker.last?.answer({ cmd: 'pingresp' });
    expect(world.phase).toBe('live');
    world.clock.advance(STALE_AFTER_MS + 1);
    expect(world.phase).toBe('stale');
  });

  test('a link that hears something now and then is never stale', async () => {
    await world.connect();
    for (let i = 0; i < 20; i++) {
      world.clock.advance(15_000);
      world.broker.last?.answer({ cmd: 'pingresp' });
    }
    expect(world.states.map((state) => state.phase)).not.toContain('stale');
  });

  test('that lasts is seen as doubt for some seconds before the socket is given up', async () => {
    await world.connect();
    world.clock.advance(STALE_AFTER_MS + 1);
    expect(world.phase).toBe('stale');
    world.clock.advance(4_000);
    expect(world.phase).toBe('stale');
    world.clock.advance(3_000);
    expect(world.connection.state).toMatchObject({ phase: 'offline', cause: 'keepalive' });
  });

  test('after sleep the link is stale at once', async () => {
    await world.connect();
    world.clock.sleep(3_600_000);
    expect(world.phase).toBe('stale');
  });
});

describe('the end', () => {
  test('closes the socket, forgets the credential and leaves no timer', async () => {
    await world.connect();
    world.connection.end();
    expect(world.connection.state).toMatchObject({ phase: 'offline', cause: 'signed-out' });
    expect(world.connection.state.retryAt).toBeUndefined();
    await world.closed(1);
    world.connection.retryNow();
    world.clock.advance(600_000);
    await settled();
    expect(world.broker.sockets).toHaveLength(1);
    expect(world.clock.waiting).toBe(0);
  });

  test('closes the socket although the broker owes an answer', async () => {
    world.broker.script = (packet) => packet.cmd !== 'publish';
    await world.connect();
    const publish = { topic: 'a', payload: new Uint8Array([1]), qos: 1, retain: false } as const;
    const owed = expect(world.connection.session?.publish(publish)).rejects.toThrow();
    world.connection.end();
    await world.closed(1);
    await owed;
  });

  test('while waiting for the next attempt there is none', async () => {
    world.broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    await world.connect();
    world.connection.end();
    world.clock.advance(600_000);
    await settled();
    expect(world.broker.sockets).toHaveLength(1);
  });

  test('during an attempt ends that attempt, at once and for good', async () => {
    world.silence();
    const connecting = world.connect();
    await world.asked(1);
    world.connection.end();
    // Long before the attempt would have run out of time.
    await world.closed(1);
    await connecting;
    world.broker.last?.answer(connack(0));
    await settled();
    expect(world.phase).toBe('offline');
    expect(world.sessions).toHaveLength(0);
  });

  test('before the socket has opened ends that attempt: no credential goes out later', async () => {
    world.broker.opens = false;
    const connecting = world.connect();
    await world.changes.until('a socket', () => world.broker.sockets.length === 1);
    world.connection.end();
    await world.closed(1);
    await connecting;
    world.broker.last?.open();
    await settled();
    expect(world.broker.last?.connect).toBeUndefined();
  });

  test('while mqtt.js is being loaded opens no socket', async () => {
    let loaded = () => {};
    world.loadMqtt = async () => {
      await new Promise<void>((resolve) => (loaded = resolve));
      return loadMqtt();
    };
    const connecting = world.connect();
    world.connection.end();
    loaded();
    await connecting;
    await settled();
    expect(world.broker.sockets).toHaveLength(0);
  });

  test('a second sign-in makes the first one obsolete: what comes late of it changes nothing', async () => {
    world.silence();
    const first = world.connect();
    await world.asked(1);
    world.broker.script = () => true;
    await world.connect();
    await world.closed(1);
    await first;
    expect(world.phase).toBe('live');
    const [old] = world.broker.sockets;
    old?.answer(connack(0));
    old?.answer({ cmd: 'publish', topic: 'late', payload: '', qos: 0, dup: false, retain: false });
    old?.closeWith(1006);
    await settled();
    expect(world.phase).toBe('live');
    expect(world.messages).toEqual([]);
    expect(world.sessions).toHaveLength(1);
    expect(world.downs).toEqual([]);
  });
});
