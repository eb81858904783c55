import type { ToEngine } from '../engine-api/wire.ts';
import { openDatabase } from '../storage/open-database.ts';
import { mqttFrom } from './connection/load-mqtt.ts';
import { systemClock } from './time/clock.ts';
import { Engine } from './engine.ts';
import { browserNetwork } from './world/network.ts';
import { noPeers, webPeers } from './world/peers.ts';
import { conventions } from './registry.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The URL of mqtt.js: the page puts it in front of this script (src/ui/open-worker.ts). */
declare const MQTT_URL: string;

/** Later than what is remembered is on the screen, and while the page's server is still there. */
const MQTT_AFTER_MS = 3000;

const loadMqtt = mqttFrom(() => MQTT_URL);

const INSECURE =
  'This page came over http:// from a network address, which browsers do not trust: it cannot share one connection ' +
  'with other tabs, so this tab works alone.';
const NO_LOCKS = 'This browser has no Web Locks, so this tab works alone.';
const MEMORY_ONLY =
  'Without that sharing, the history of this tab is kept in memory and ends with it. Serve the page over https:// to keep it.';

const shared = self.isSecureContext && 'locks' in navigator;

const engine = new Engine({
  openSocket: (url, subprotocols) => new WebSocket(url, subprotocols),
  loadMqtt,
  // Two tabs that cannot agree on a writer would write every sample twice.
  openDatabase: shared ? openDatabase : async () => ({ reason: MEMORY_ONLY }),
  clock: systemClock,
  random: (n) => crypto.getRandomValues(new Uint8Array(n)),
  conventions,
  peers: shared ? webPeers(navigator.locks) : noPeers(self.isSecureContext ? NO_LOCKS : INSECURE),
  network: browserNetwork,
  lacks: self.isSecureContext
    ? []
    : [
        'It cannot be installed and does not open without the network. Serve the page over https:// for that.',
      ],
});

const page = engine.attach({ post: (message, transfer) => self.postMessage(message, [...transfer]) });
self.addEventListener('message', (event: MessageEvent<ToEngine>) => page.receive(event.data));
setTimeout(() => void loadMqtt().catch(() => undefined), MQTT_AFTER_MS);
