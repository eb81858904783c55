import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, createWebSocketStream } from 'ws';
import { MAX_PAYLOAD } from './gate.ts';

/** Where MQTT over WebSocket is answered, beside the page. */
export const WEB_SOCKET_PATH = '/mqtt';

const MAX_CONNECTIONS = 500;

export interface WebSocketOptions {
  /** Names and addresses of this machine from which pages may connect, lower case. */
  readonly names: ReadonlySet<string>;
  readonly handle: (stream: Duplex, request: IncomingMessage) => void;
  readonly report: (line: string) => void;
}

/**
 * Whether a page from `origin` may open a socket. Programs send no Origin and have no cookies or sessions that a
 * foreign page could use; the port does not matter, since whoever can serve a page on this machine is on this machine.
 */
export function isAllowedOrigin(origin: string | undefined, names: ReadonlySet<string>): boolean {
  if (origin === undefined) return true;
  try {
    const { protocol, hostname } = new URL(origin);
    const name = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    return (protocol === 'http:' || protocol === 'https:') && names.has(name);
  } catch {
    return false;
  }
}

/** Answers upgrades on {@link WEB_SOCKET_PATH}; returns what ends all of the connections. */
export function acceptWebSockets(server: Server, options: WebSocketOptions): () => void {
  const refused = new Set<string>();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // One packet may come in many frames; the gate limits payloads, this what must be held before one is whole.
    maxPayload: 2 * MAX_PAYLOAD,
    handleProtocols: (offered) =>
      offered.has('mqtt') ? 'mqtt' : offered.has('mqttv3.1') ? 'mqttv3.1' : false,
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const { origin } = request.headers;
    if ((request.url ?? '').split('?')[0] !== WEB_SOCKET_PATH) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(origin, options.names)) {
      if (origin !== undefined && !refused.has(origin) && refused.size < 20) {
        refused.add(origin);
        options.report(
          `Refused a page from ${JSON.stringify(origin)}: name its host with --host to let it in.`,
        );
      }
      return refuse(socket, '403 Forbidden');
    }
    if (sockets.clients.size >= MAX_CONNECTIONS) return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      options.handle(createWebSocketStream(webSocket), request);
    });
  });
  return () => sockets.clients.forEach((client) => client.terminate());
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
