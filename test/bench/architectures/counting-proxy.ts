import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy on loopback that counts what comes from the server and can be unplugged. */
export interface CountingProxy {
  readonly port: number;
  /** Bytes of TCP payload from the server to the browser so far. */
  bytes(): number;
  /** Cuts every connection and refuses new ones. */
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCountingProxy(target: number): Promise<CountingProxy> {
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server = createServer({ noDelay: true }, (browser) => {
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true });
    for (const [socket, other] of [
      [browser, upstream],
      [upstream, browser],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    upstream.on('data', (chunk) => (bytes += chunk.length));
    browser.pipe(upstream);
    upstream.pipe(browser);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const unplug = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  return { port, bytes: () => bytes, unplug, plugIn: async () => void (await listen(port)), stop: unplug };
}
