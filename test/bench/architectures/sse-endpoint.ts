// The SSE endpoint: `GET ?deviceId=…&deviceId=…` is a stream of events with replay from Last-Event-ID; commands come by POST.
// A browser opens six connections to one host, so one stream carries all the devices that a page watches. A process of
// its own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bridgeArguments, bridgeReady } from './bridge-process.ts';
import { EventLog } from './event-log.ts';
import { Upstream } from './upstream.ts';

/** Bounded: what nobody fetches in time is gone. */
const KEPT_EVENTS = 10_000;
/** Somebody who reconnects wants what came meanwhile, so a device is heard for a while after its last watcher has gone. */
const LINGER_MS = 60_000;

const { mqttPort, port, username, password } = bridgeArguments();
const log = new EventLog(KEPT_EVENTS);
const upstream = new Upstream<ServerResponse>({
  port: mqttPort,
  username,
  password,
  linger: LINGER_MS,
  deliver: (watchers, deviceId, leaf, data) => {
    const text = log.add(leaf, deviceId, data);
    for (const response of watchers) response.write(text);
  },
});

async function stream(
  request: IncomingMessage,
  response: ServerResponse,
  ids: readonly string[],
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': '*',
  });
  response.on('close', () => upstream.unwatch(response));
  const last = String(request.headers['last-event-id'] ?? '');
  response.write(`retry: 1000\n\n${log.since(last, new Set(ids))}`);
  await upstream.watch(ids, response);
  response.write('event: subscribed\ndata: {}\n\n');
}

async function command(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  await upstream.command(id, JSON.parse(body));
  response.writeHead(202, { 'Access-Control-Allow-Origin': '*' });
  response.end();
}

const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
  const ids = new URL(request.url ?? '/', 'http://bridge').searchParams.getAll('deviceId');
  const answered =
    request.method === 'POST' ? command(request, response, ids[0] ?? '') : stream(request, response, ids);
  answered.catch(() => response.destroy());
});
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen(port, '127.0.0.1');
await once(server, 'listening');
bridgeReady((server.address() as AddressInfo).port);
