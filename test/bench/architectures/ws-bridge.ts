// The Node bridge to WebSocket: `{type:"subscribe",deviceId}` and `{type:"command",deviceId,payload}` from the browser,
// `{deviceId,data,receivedAt}` to it. A process of its own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { bridgeArguments, bridgeReady } from './bridge-process.ts';
import { Upstream } from './upstream.ts';

interface FromBrowser {
  readonly type: 'subscribe' | 'command';
  readonly deviceId: string | readonly string[];
  readonly payload?: unknown;
}

const { mqttPort, port, deflate, username, password } = bridgeArguments();

const upstream = new Upstream<WebSocket>({
  port: mqttPort,
  username,
  password,
  linger: 0,
  deliver: (watchers, deviceId, leaf, data) => {
    const type = leaf === 'ack' ? { type: 'ack' } : {};
    const text = JSON.stringify({ ...type, deviceId, data, receivedAt: Date.now() });
    for (const socket of watchers) if (socket.readyState === socket.OPEN) socket.send(text);
  },
});

async function receive(socket: WebSocket, text: string): Promise<void> {
  const message = JSON.parse(text) as FromBrowser;
  const ids = [message.deviceId].flat();
  if (message.type === 'subscribe') {
    await upstream.watch(ids, socket);
    socket.send('{"type":"subscribed"}');
  } else if (message.type === 'command') await upstream.command(ids[0] ?? '', message.payload);
}

const server = createServer();
// The default compresses only from 1 KB: a reading is smaller, and it is readings that are to be compressed.
const perMessageDeflate = deflate && { threshold: 0 };
const sockets = new WebSocketServer({ server, perMessageDeflate });
sockets.on('connection', (socket) => {
  socket.on('message', (data) => void receive(socket, String(data)).catch(() => socket.close(1008)));
  socket.on('close', () => upstream.unwatch(socket));
  socket.on('error', () => socket.terminate());
});
server.listen(port, '127.0.0.1');
await once(server, 'listening');
bridgeReady((server.address() as AddressInfo).port);
