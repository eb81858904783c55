import type { IConnectPacket, IPublishPacket, Packet } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settled } from '../../../support/fake-session.ts';
import { connack, type ScriptedSocket } from '../../../support/scripted-broker.ts';
import { ConnectionWorld } from './connection-world.ts';

let world: ConnectionWorld;
/** Whether the broker still has our session. */
let sessionPresent: boolean;

beforeEach(() => {
  world = new ConnectionWorld();
  sessionPresent = false;
  world.broker.script = (packet, socket) => {
    if (packet.cmd !== 'connect') return true;
    socket.answer({ cmd: 'connack', sessionPresent, returnCode: 0, reasonCode: 0 });
    return false;
  };
});
afterEach(() => world.connection.end());

const socket = (): ScriptedSocket => {
  const { last } = world.broker;
  if (!last) throw new Error('There is no socket.');
  return last;
};

function publish(messageId: number, text: string, more: Partial<IPublishPacket> = {}): void {
  const packet: Packet = { cmd: 'publish', qos: 1, dup: false, retain: false, topic: 'd/t', payload: text };
  socket().answer({ ...packet, messageId, ...more });
}

async function loseAndResume(): Promise<void> {
  socket().closeWith(1006);
  await world.reaches('offline');
  sessionPresent = true;
  world.connection.retryNow();
  await world.reaches('live');
}

describe('what is said when connecting', () => {
  test('MQTT 5 keeps the session for as long as was asked', async () => {
    await world.connect({}, { keep: 300 });
    expect(socket().connect).toMatchObject({ clean: false, properties: { sessionExpiryInterval: 300 } });
  });

  test.each([undefined, true])(
    'MQTT 3.1.1 keeps it only where the profile says so (%s)',
    async (persistent) => {
      await world.connect({ protocol: 4, persistent }, { keep: 300 });
      expect(socket().connect?.clean).toBe(persistent !== true);
    },
  );

  test('where nothing is to be kept, nothing is', async () => {
    await world.connect({ persistent: true });
    expect(socket().connect).toMatchObject({ clean: true, properties: { sessionExpiryInterval: 0 } });
  });
});

describe('what is said of the session', () => {
  test('the broker keeps it for as long as it was asked', async () => {
    await world.connect({}, { keep: 300 });
    expect(world.connection.state).toMatchObject({ sessionPresent: false, sessionKept: 300 });
  });

  test('a broker that keeps it for a shorter time says so, and is believed', async () => {
    world.broker.script = (packet, at) => {
      if (packet.cmd !== 'connect') return true;
      const properties: IConnectPacket['properties'] = { sessionExpiryInterval: 60 };
      at.answer({ ...connack(0), properties } as Packet);
      return false;
    };
    await world.connect({}, { keep: 300 });
    expect(world.connection.state.sessionKept).toBe(60);
  });

  test('under 3.1.1 nobody says for how long', async () => {
    await world.connect({ protocol: 4, persistent: true }, { keep: 300 });
    expect(world.connection.state.sessionKept).toBeUndefined();
    await world.connect({ protocol: 4 }, { keep: 300 });
    expect(world.connection.state.sessionKept).toBe(0);
  });
});

describe('ending', () => {
  test('a sign-out ends the session at the broker', async () => {
    await world.connect({}, { keep: 300 });
    const signedIn = socket();
    world.connection.end(true);
    await settled();
    expect(signedIn.packets.at(-1)).toMatchObject({
      cmd: 'disconnect',
      properties: { sessionExpiryInterval: 0 },
    });
  });

  test('what still comes while the goodbye is on its way is neither taken nor noted as taken', async () => {
    await world.connect({}, { keep: 300 });
    publish(1, 'before');
    world.connection.end();
    publish(2, 'after');
    expect(world.messages).toHaveLength(1);
    expect(world.redeliveries.news()?.packetIds).toEqual(new Uint16Array([1]));
  });

  test('the very same sign-in once more goes on with the session', async () => {
    await world.connect({}, { keep: 300 });
    await world.connect({}, { keep: 300 });
    expect(socket().connect?.clean).toBe(false);
  });

  test('a page that closes leaves the session for the next one', async () => {
    await world.connect({}, { keep: 300 });
    const left = socket();
    world.connection.end();
    await settled();
    expect(left.packets.at(-1)).toMatchObject({ cmd: 'disconnect' });
    expect(left.packets.at(-1)).not.toHaveProperty('properties.sessionExpiryInterval');
  });

  test('a sign-out without a link is made good by the next connection, which begins anew', async () => {
    await world.connect({}, { keep: 300 });
    socket().closeWith(1006);
    await world.reaches('offline');
    world.connection.end(true);
    await world.connect({}, { keep: 300 });
    expect(socket().connect).toMatchObject({ clean: true, properties: { sessionExpiryInterval: 300 } });
    await loseAndResume();
    expect(socket().connect?.clean).toBe(false);
  });
});

describe('a message that comes again', () => {
  test('under its old id with DUP on the resumed session is the same message', async () => {
    await world.connect({}, { keep: 300 });
    publish(7, '{"n":1}');
    await loseAndResume();
    publish(7, '{"n":1}', { dup: true });
    expect(world.metas.map(({ repeated }) => repeated)).toEqual([undefined, true]);
  });

  test.each([
    ['under another id', 8, '{"n":1}', true],
    ['with another payload', 7, '{"n":2}', true],
    ['without DUP', 7, '{"n":1}', false],
  ] as const)('%s is another message: two honest equal readings are two', async (_, id, text, dup) => {
    await world.connect({}, { keep: 300 });
    publish(7, '{"n":1}');
    await loseAndResume();
    publish(id, text, { dup });
    expect(world.metas.map(({ repeated }) => repeated)).toEqual([undefined, undefined]);
  });

  test('on a session that began anew is another message', async () => {
    await world.connect({}, { keep: 300 });
    publish(7, '{"n":1}');
    await loseAndResume();
    sessionPresent = false;
    socket().closeWith(1006);
    await world.reaches('offline');
    world.connection.retryNow();
    await world.reaches('live');
    publish(7, '{"n":1}', { dup: true });
    expect(world.metas.at(-1)?.repeated).toBeUndefined();
  });
});

describe('what the broker kept', () => {
  const queued = () => world.metas.map((meta) => meta.queued === true);

  test('ends with the first retained copy after the subscriptions were granted', async () => {
    await world.connect({}, { keep: 300 });
    await loseAndResume();
    publish(1, 'kept');
    await world.sessions.at(-1)?.subscribe(['d/+'], 1);
    publish(2, 'kept');
    publish(3, 'state', { retain: true });
    publish(4, 'new');
    expect(queued()).toEqual([true, true, false, false]);
  });

  test('ends with the first pause', async () => {
    await world.connect({}, { keep: 300 });
    await loseAndResume();
    await world.sessions.at(-1)?.subscribe(['d/+'], 1);
    publish(1, 'kept');
    world.clock.advance(400);
    publish(2, 'kept');
    world.clock.advance(600);
    publish(3, 'new');
    publish(4, 'new');
    expect(queued()).toEqual([true, true, false, false]);
  });

  test('is nothing on a session that began anew, and nothing at QoS 0', async () => {
    await world.connect({}, { keep: 300 });
    publish(1, 'new');
    await loseAndResume();
    publish(0, 'new', { qos: 0 });
    expect(queued()).toEqual([false, false]);
  });
});
