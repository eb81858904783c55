import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  readonly aedes: Aedes;
  /** Publishes as if a device had, and resolves when the broker has taken it. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: { retain?: boolean; qos?: 0 | 1 },
  ): Promise<void>;
  stop(): Promise<void>;
}

/** A broker with MQTT over WebSocket in this process: aedes, MQTT 3.1.1, on a free loopback port. */
export async function startTestBroker(options: AedesOptions = {}, port = 0): Promise<TestBroker> {
  const aedes = await Aedes.createBroker(options);
  const server: Server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' });
  sockets.on('connection', (socket, request) =>
    aedes.handle(createWebSocketStream(socket), request as never),
  );
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `ws://127.0.0.1:${taken}/mqtt`,
    port: taken,
    aedes,
    publish: (topic, payload, { retain = false, qos = 0 } = {}) =>
      new Promise((resolve, reject) => {
        const packet = {
          cmd: 'publish' as const,
          topic,
          payload: Buffer.from(payload),
          retain,
          qos,
          dup: false,
        };
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}
