import type { Credential } from '../../../src/model/broker.ts';
import { startNats, type RunningNats } from '../brokers/nats.ts';
import type { BenchMosquitto } from '../brokers/bench-mosquitto.ts';
import { LoadSource } from '../load-source.ts';
import type { TransportWish } from '../page/transports/transport.ts';
import { deviceId } from '../readings.ts';
import { startResponder } from './responder.ts';
import { startBridge, type RunningBridge } from './start-bridge.ts';

export const DEVICES = 100;
export const PROBE = 'a-probe';
const WATCHED = [PROBE, ...Array.from({ length: DEVICES }, (_, i) => deviceId(i))];

/** One way from the devices to the page. */
export interface Contestant {
  readonly name: string;
  /** Where the page connects to: a broker's or a bridge's. */
  readonly port: number;
  /** What publishes to its broker. */
  readonly source: LoadSource;
  /** The process between broker and page, where there is one. */
  readonly bridge?: RunningBridge;
  /** For a page that connects to `port`, or to a proxy in front of it. */
  wish(port: number): TransportWish;
}

export function direct(
  name: string,
  ws: string,
  credential: Credential,
  source: LoadSource,
  keepSession = false,
): Contestant {
  const { port, pathname } = new URL(ws);
  const signIn = { ...credential, clientId: `page-${name.replaceAll(/\W+/g, '-')}`.slice(0, 23) };
  return {
    name,
    port: Number(port),
    source,
    wish: (at) => ({
      kind: 'direct',
      url: `ws://127.0.0.1:${at}${pathname}`,
      devices: WATCHED,
      signIn,
      keepSession,
    }),
  };
}

export async function bridged(
  name: string,
  kind: 'ws' | 'sse',
  deflate: boolean,
  broker: BenchMosquitto,
  source: LoadSource,
): Promise<Contestant> {
  const username = kind === 'sse' ? 'bridge-sse' : deflate ? 'bridge-deflate' : 'bridge-ws';
  const program = kind === 'sse' ? 'sse-endpoint' : 'ws-bridge';
  const bridge = await startBridge(program, {
    ...broker.credential(username),
    mqttPort: broker.port,
    deflate,
  });
  const scheme = kind === 'sse' ? 'http' : 'ws';
  const signIn = { clientId: '', username: '', password: '' };
  return {
    name,
    port: bridge.port,
    source,
    bridge,
    wish: (at) => ({ kind, url: `${scheme}://127.0.0.1:${at}/`, devices: WATCHED, signIn }),
  };
}

/** A NATS server with its publisher and the device that answers, as a contestant. */
export async function throughNats(
  name: string,
  compression: boolean,
): Promise<{ contestant: Contestant; stop: () => Promise<void> }> {
  const nats: RunningNats = await startNats(compression);
  const source = await LoadSource.publisher(nats.port, { ...nats.credential, clientId: 'fleet' });
  const endResponder = await startResponder(nats.port, { ...nats.credential, clientId: 'responder' });
  return {
    contestant: direct(name, nats.ws, nats.credential, source),
    stop: async () => {
      await endResponder();
      await source.end();
      await nats.stop();
    },
  };
}
