import { expect, test } from 'vitest';
import { ConnectionWorld } from './connection-world.ts';

/** A world whose browser refuses to open addresses that begin so, as one does on a page that came over https. */
function refusing(prefix: string): ConnectionWorld {
  const world = new ConnectionWorld();
  const open = world.broker.openSocket.bind(world.broker);
  world.broker.openSocket = (url, subprotocols) => {
    if (url.startsWith(prefix)) throw new DOMException('An insecure connection.', 'SecurityError');
    return open(url, subprotocols);
  };
  return world;
}

test('one of two addresses may not be opened from this page: the other one is used, and is used again', async () => {
  const world = refusing('ws://');
  expect(await world.connect({ urls: ['ws://one/mqtt', 'wss://two/mqtt'] })).toBeUndefined();
  expect(world.connection.state).toMatchObject({ phase: 'live', endpoint: 'wss://two/mqtt' });
  world.broker.last!.closeWith(1006);
  await world.reaches('offline');
  world.clock.advance(15_000);
  await world.reaches('live');
  expect(world.connection.state).toMatchObject({ phase: 'live', endpoint: 'wss://two/mqtt' });
});

test('no address may be opened from this page: it says so and does not try for ever', async () => {
  const world = refusing('ws://');
  const ending = await world.connect({ urls: ['ws://one/mqtt', 'ws://two/mqtt'] });
  expect(ending).toMatchObject({ cause: 'unreachable', retry: false });
  expect(world.connection.state.phase).toBe('refused');
  world.clock.advance(60_000);
  expect(world.broker.sockets).toHaveLength(0);
});
