import type { Lead } from '../../src/engine/tabs/hand-over.ts';
import { Home } from '../../src/engine/home.ts';
import { Pages } from '../../src/engine/feed/pages.ts';
import { noPeers } from '../../src/engine/world/peers.ts';
import type { World } from '../../src/engine/world/world.ts';
import { nodeNetwork } from './node-network.ts';
import { loadMqtt } from './load-mqtt.ts';

/** A home that nothing is connected to and that keeps its history in memory, where the world does not say otherwise. */
export function openLinklessHome(
  world: Pick<World, 'clock' | 'conventions'> & Partial<World>,
  pages = new Pages(),
  lead?: Lead,
): Promise<Home> {
  const profile = { name: 'b', urls: ['ws://b'], root: 'r' };
  const whole: World = {
    loadMqtt,
    openSocket: () => {
      throw new Error('no sockets here');
    },
    openDatabase: async () => ({ reason: 'In memory.' }),
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    peers: noPeers('alone'),
    network: nodeNetwork(),
    lacks: [],
    ...world,
  };
  return Home.open({ base: '/', profile, username: 'ada' }, pages, whole, lead);
}
