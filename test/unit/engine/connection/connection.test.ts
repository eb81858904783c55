import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connack } from '../../../support/scripted-broker.ts';
import { settled } from '../../../support/fake-session.ts';
import { ConnectionWorld } from './connection-world.ts';

let world: ConnectionWorld;
beforeEach(() => (world = new ConnectionWorld()));
afterEach(() => world.connection.end());

describe('which version', () => {
  test('MQTT 5 is tried first, with the limits that it has', async () => {
    await world.connect();
    expect(world.connection.state).toMatchObject({ phase: 'live', protocol: 5, endpoint: 'ws://one/mqtt' });
    expect(world.broker.last?.connect).toMatchObject({
      protocolVersion: 5,
      clean: true,
      keepalive: 15,
      clientId: 'me',
      properties: { sessionExpiryInterval: 0, maximumPacketSize: 1_048_576 },
    });
  });

  test('a broker that refuses 5 gets 3.1.1 at once, and the reason is kept', async () => {
    world.broker.script = (packet, socket) => {
      if (packet.cmd !== 'connect' || packet.protocolVersion === 4) return true;
      socket.answer(connack(0x84));
      return false;
    };
    await world.connect();
    expect(world.connection.state).toMatchObject({ phase: 'live', protocol: 4 });
    expect(world.connection.state.protocolReason).toContain('does not speak MQTT 5');
    expect(world.broker.sockets).toHaveLength(2);
  });

  test.each([1002, 1011])('a broker that closes 5 with %i gets 3.1.1 at once', async (code) => {
    world.broker.script = (packet, socket) => {
      if (packet.cmd !== 'connect' || packet.protocolVersion === 4) return true;
      socket.closeWith(code);
      return false;
    };
    await world.connect();
    expect(world.connection.state).toMatchObject({ phase: 'live', protocol: 4 });
  });

  test('the version that worked is asked for again after a loss', async () => {
    world.broker.script = (packet, socket) => {
      if (packet.cmd !== 'connect' || packet.protocolVersion === 4) return true;
      socket.answer(connack(0x84));
      return false;
    };
    await world.connect();
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    world.connection.retryNow();
    await world.reaches('live');
    expect(world.broker.sockets.map((socket) => socket.connect?.protocolVersion)).toEqual([5, 4, 4]);
    expect(world.connection.state.protocolReason).toContain('does not speak MQTT 5');
  });

  test('the version that worked the last time is tried first', async () => {
    await world.connect({}, { protocol: 4 });
    expect(world.broker.sockets.map((socket) => socket.connect?.protocolVersion)).toEqual([4]);
    expect(world.connection.state.protocolReason).toBeUndefined();
  });

  test('a version that the profile names is the only one', async () => {
    world.broker.script = (packet, socket) => {
      if (packet.cmd === 'connect') socket.answer(connack(0x84));
      return false;
    };
    const ending = await world.connect({ protocol: 5 });
    expect(ending).toMatchObject({ cause: 'protocol', retry: false });
    expect(world.broker.sockets).toHaveLength(1);
    expect(world.phase).toBe('refused');
  });

  test('a subprotocol of the profile is asked for', async () => {
    await world.connect({ subprotocol: 'mqttv3.1' });
    expect(world.broker.last?.subprotocols).toEqual(['mqttv3.1']);
  });
});

test('the address is opened as it is written, query included', async () => {
  await world.connect({ urls: ['ws://[::1]:9001/mqtt?room=a%20b'] });
  expect(world.broker.last?.url).toBe('ws://[::1]:9001/mqtt?room=a%20b');
});

describe('a refusal', () => {
  test('stops: one sentence, no retry, no loop', async () => {
    world.broker.script = (packet, socket) => {
      if (packet.cmd === 'connect') socket.answer(connack(0x86));
      return false;
    };
    const ending = await world.connect();
    expect(ending).toMatchObject({ cause: 'credential', retry: false });
    expect(world.connection.state).toMatchObject({ phase: 'refused', cause: 'credential', attempts: 1 });
    world.connection.retryNow();
    world.clock.advance(600_000);
    await settled();
    expect(world.broker.sockets).toHaveLength(1);
    expect(world.clock.waiting).toBe(0);
  });

  test('of a busy broker is tried again', async () => {
    world.broker.script = (packet, socket) => {
      if (packet.cmd === 'connect') socket.answer(connack(0x88));
      return false;
    };
    expect(await world.connect()).toMatchObject({ cause: 'server-busy', retry: true });
    world.broker.script = () => true;
    world.clock.advance(10_000);
    await world.reaches('live');
  });

  test('by taking the client id over stops for good, instead of fighting', async () => {
    await world.connect();
    world.broker.last?.answer({ cmd: 'disconnect', reasonCode: 0x8e });
    world.broker.last?.closeWith(1000);
    await world.reaches('refused');
    expect(world.connection.state.cause).toBe('taken-over');
    expect(world.clock.waiting).toBe(0);
  });

  test('by the browser, which opens no such socket, is one sentence and no loop', async () => {
    world.broker.openSocket = () => {
      throw new DOMException(
        'An insecure WebSocket may not be opened from a page loaded over HTTPS.',
        'SecurityError',
      );
    };
    const ending = await world.connect();
    expect(ending).toMatchObject({ cause: 'unreachable', retry: false });
    expect(ending?.reason).toContain('ws://one/mqtt');
    expect(ending?.reason).toContain('insecure WebSocket');
    expect(world.phase).toBe('refused');
  });

  test.each(['', 'nonsense'])('of the address "%s" is one sentence', async (url) => {
    const ending = await world.connect({ urls: [url] });
    expect(ending).toMatchObject({ cause: 'unreachable', retry: false });
    expect(world.phase).toBe('refused');
  });
});

describe('a loss', () => {
  test('is told with the time of the last bytes, and the link comes back by itself', async () => {
    await world.connect();
    const heardAt = world.clock.now();
    world.clock.advance(3_000);
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    expect(world.downs).toEqual([heardAt]);
    expect(world.connection.session).toBeUndefined();
    expect(world.connection.state).toMatchObject({
      cause: 'closed',
      since: world.clock.now(),
      attempts: 1,
      retryAt: world.clock.now() + 750,
    });
    world.clock.advance(750);
    await world.reaches('live');
    expect(world.sessions).toHaveLength(2);
  });

  test('keeps its beginning over all the attempts that fail', async () => {
    await world.connect();
    world.clock.advance(20_000);
    world.broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    const lostAt = world.clock.now();
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    for (let i = 2; i <= 4; i++) {
      world.clock.advance(10_000);
      await world.changes.until(
        `${i} failures`,
        () => world.connection.state.attempts === i && world.phase === 'offline',
      );
      expect(world.connection.state.since).toBe(lostAt);
    }
    expect(world.connection.state.cause).toBe('unreachable');
  });

  test('waits longer only when each address has had its turn', async () => {
    await world.connect({ urls: ['ws://one/mqtt', 'ws://two/mqtt'] });
    world.broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    world.broker.last?.closeWith(1006);
    const waits: number[] = [];
    for (let i = 1; i <= 4; i++) {
      await world.changes.until(
        `${i} failures`,
        () => world.connection.state.attempts === i && world.phase === 'offline',
      );
      waits.push((world.connection.state.retryAt ?? 0) - world.clock.now());
      world.clock.advance(10_000);
    }
    expect(waits).toEqual([750, 750, 1_250, 1_250]);
  });

  test('goes through the addresses of the profile in turn', async () => {
    world.broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    await world.connect({ urls: ['ws://one/mqtt', 'ws://two/mqtt', 'ws://three/mqtt'] });
    // All of them at once, then one after each pause.
    world.clock.advance(10_000);
    await world.changes.until(
      '4 failures',
      () => world.connection.state.attempts === 4 && world.phase === 'offline',
    );
    expect(world.broker.sockets.map((socket) => new URL(socket.url).hostname)).toEqual([
      'one',
      'two',
      'three',
      'one',
    ]);
  });

  test('after a link that lasted starts counting afresh; after one that did not, it goes on', async () => {
    await world.connect();
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    world.clock.advance(1_000);
    await world.reaches('live');
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    expect(world.connection.state.attempts).toBe(2);
    world.clock.advance(2_000);
    await world.reaches('live');
    for (let i = 0; i < 3; i++) {
      world.clock.advance(10_000);
      world.broker.last?.answer({ cmd: 'pingresp' });
    }
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    expect(world.connection.state.attempts).toBe(1);
  });

  test('"Try now" does not wait, and does nothing while an attempt is under way or the link is up', async () => {
    await world.connect();
    world.connection.retryNow();
    expect(world.broker.sockets).toHaveLength(1);
    world.silence();
    world.broker.last?.closeWith(1006);
    await world.reaches('offline');
    world.connection.retryNow();
    await world.asked(2);
    world.connection.retryNow();
    world.clock.advance(60_000);
    await settled();
    expect(world.broker.sockets).toHaveLength(2);
    world.broker.last?.answer(connack(0));
    await world.reaches('live');
  });

  test('on a hidden page waits longer, and not at all once it is seen', async () => {
    world.random = 0.999;
    world.broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    world.connection.setPage('hidden');
    await world.connect();
    for (let i = 2; i <= 7; i++) {
      world.clock.advance(60_000);
      await world.changes.until(
        `${i} failures`,
        () => world.connection.state.attempts === i && world.phase === 'offline',
      );
    }
    expect((world.connection.state.retryAt ?? 0) - world.clock.now()).toBeGreaterThan(50_000);
    world.broker.script = () => true;
    world.connection.setPage('visible');
    await world.reaches('live');
  });
});
