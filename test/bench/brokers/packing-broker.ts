// A process of its own: a broker over WebSocket that publishes by itself and packs K packets into each frame, as brokers
// and proxies that coalesce do. It answers what a subscriber says and no more: MQTT 3.1.1, one subscriber, QoS 0.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { serveSource, tell } from '../serve-source.ts';

const perFrame = Number(process.argv[2]);

/** The packets in `bytes`, which hold whole ones: everything that a client of the bench says fits one frame. */
function* packetsIn(bytes: Buffer): Generator<{ type: number; body: Buffer }> {
  for (let at = 0; at < bytes.length;) {
    const type = bytes.readUInt8(at++) >> 4;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(at++);
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    yield { type, body: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** One granted QoS for each filter of a SUBSCRIBE: [MQTT-3.9.3-1]. */
function suback(body: Buffer): Buffer {
  let filters = 0;
  for (let at = 2; at < body.length; at += 2 + body.readUInt16BE(at) + 1) filters++;
  return Buffer.from([
    0x90,
    2 + filters,
    body.readUInt8(0),
    body.readUInt8(1),
    ...new Array<number>(filters).fill(0),
  ]);
}

function answer(type: number, body: Buffer): Buffer | undefined {
  if (type === 1) {
    // Protocol level 5 is refused as [MQTT-3.1.2-2] says, and the client comes back with 4.
    return Buffer.from([0x20, 2, 0, body.readUInt8(6) === 4 ? 0 : 1]);
  }
  if (type === 8) return suback(body);
  if (type === 12) return Buffer.from([0xd0, 0]);
  return undefined;
}

let subscriber: WebSocket | undefined;
const server = createServer();
const sockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt', perMessageDeflate: false });
sockets.on('connection', (socket) => {
  subscriber = socket;
  socket.on('message', (data) => {
    for (const { type, body } of packetsIn(data as Buffer)) {
      const reply = answer(type, body);
      if (reply) socket.send(reply);
    }
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

serveSource({
  batch: perFrame,
  send: (packets, taken) => {
    if (subscriber?.readyState === 1) subscriber.send(Buffer.concat(packets), () => taken());
    else taken();
  },
});
tell({ tell: 'ready', port: (server.address() as AddressInfo).port });
