import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/engine/time/clock.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { World } from '../../src/engine/world/world.ts';
import type { Socket } from '../../src/engine/connection/socket.ts';
import type { Convention } from '../../src/model/convention.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { nodeNetwork } from './node-network.ts';
import { FakeBrowser } from './fake-tabs.ts';
import { readShelf } from './shelf.ts';
import { loadMqtt } from './load-mqtt.ts';

/** The engine as the worker runs it, with Node's sockets. The test file installs `fake-indexeddb/auto`. */
export async function testEngine(changes: Partial<World> = {}): Promise<Engine> {
  return new Engine({
    loadMqtt,
    openSocket: (url, subprotocols) => new WebSocket(url, subprotocols) as unknown as Socket,
    openDatabase,
    clock: systemClock,
    random: (n) => new Uint8Array(randomBytes(n)),
    conventions: await readShelf<Convention>('src/conventions', 'convention'),
    peers: new FakeBrowser().openTab(systemClock).peers,
    network: nodeNetwork(),
    lacks: [],
    ...changes,
  });
}
