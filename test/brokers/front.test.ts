import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PAGE_POLICY } from '../../broker-config/targets/front/page-headers.ts';
import type { Policy } from '../../src/model/policy.ts';
import { connectClient } from '../support/broker-clients.ts';
import type { FrontedName, RunningFront } from '../support/brokers/front-site.ts';
import { ownPolicy } from '../support/brokers/policies.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';
import { startAclFile } from '../support/brokers/start-acl-file.ts';
import { startCaddy } from '../support/brokers/start-caddy.ts';
import { startNats } from '../support/brokers/start-nats.ts';
import { startNginx } from '../support/brokers/start-nginx.ts';
import { startRabbitmq } from '../support/brokers/start-rabbitmq.ts';

// The generated files of the web servers, run as they are in front of real brokers that were set up by the same policy.

const ELSEWHERE = 'https://console.example';
const LIMIT = 3;
const base = await ownPolicy();
const policy: Policy = { ...base, origins: [ELSEWHERE] };

const START = { mosquitto: startAclFile, nats: startNats, rabbitmq: startRabbitmq };
const NAMES = ['mosquitto', 'nats', 'rabbitmq'] as const;
const SERVERS = [
  ['nginx', startNginx],
  ['Caddy', startCaddy],
] as const;

let brokers: { readonly [Name in FrontedName]: RunningBroker };
beforeAll(async () => {
  const [mosquitto, nats, rabbitmq] = await Promise.all(NAMES.map((name) => START[name](policy)));
  brokers = { mosquitto: mosquitto!, nats: nats!, rabbitmq: rabbitmq! };
}, 90_000);
afterAll(() => Promise.all(Object.values(brokers).map((broker) => broker.stop())), 30_000);

const portOf = (broker: RunningBroker) => Number(new URL(broker.ws).port);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

function ask(front: RunningFront, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { ca: front.certificate, agent: false };
    get(`${front.origin}${path}`, options, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    }).on('error', reject);
  });
}

interface Upgrade {
  /** 101 is a WebSocket; the others are refusals. */
  readonly status: number;
  readonly socket: WebSocket;
}

function upgrade(front: RunningFront, origin?: string, path = '/mqtt'): Promise<Upgrade> {
  const options = { ca: front.certificate, origin };
  const socket = new WebSocket(front.ws.replace('/mqtt', path), 'mqtt', options);
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ status: 101, socket }));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      resolve({ status: statusCode, socket });
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

/** What became of an upgrade that nobody goes on with. */
async function tried(front: RunningFront, origin?: string, path?: string): Promise<number> {
  const { status, socket } = await upgrade(front, origin, path);
  socket.terminate();
  return status;
}

test('the policy in the header is the one in the page', () => {
  const page = readFileSync('src/index.html', 'utf8').replace(/\s+/g, ' ');
  expect(page).toContain(`content="${PAGE_POLICY}"`);
});

describe.each(SERVERS)('%s', (_server, start) => {
  describe('the page', () => {
    let front: RunningFront;
    beforeAll(async () => {
      front = await start(policy, 'mosquitto', portOf(brokers.mosquitto));
      mkdirSync(join(front.page, 'assets'));
      for (const name of ['sw.js', 'config.json', 'manifest.webmanifest', 'assets/main-abc123.js']) {
        writeFileSync(join(front.page, name), '{}');
      }
    });
    afterAll(() => front.stop());

    test.each([
      ['/', /^text\/html/],
      ['/index.html', /^text\/html/],
      ['/sw.js', /javascript/],
      ['/config.json', /^application\/json/],
      ['/manifest.webmanifest', /^application\/manifest\+json/],
      ['/assets/main-abc123.js', /javascript/],
    ])('%s comes with its type and the headers that the page wants', async (path, type) => {
      const { status, headers } = await ask(front, path);
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(type);
      expect(headers).toMatchObject({
        'content-security-policy': `${PAGE_POLICY}; frame-ancestors 'self'`,
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'strict-transport-security': 'max-age=31536000',
      });
    });

    test('only what has a hash in its name is kept; the rest is asked for again', async () => {
      const keeping = async (path: string) => (await ask(front, path)).headers['cache-control'];
      expect(await keeping('/assets/main-abc123.js')).toBe('public, max-age=31536000, immutable');
      for (const path of ['/', '/index.html', '/sw.js', '/config.json', '/manifest.webmanifest']) {
        expect(await keeping(path)).toBe('no-cache');
      }
    });

    test('an asset that is not there, as in the middle of a deployment, is not kept as gone', async () => {
      const { status, headers } = await ask(front, '/assets/main-def456.js');
      expect(status).toBe(404);
      expect(headers['cache-control']).toBe('no-cache');
    });
  });

  describe.each(NAMES)('%s behind it', (name) => {
    let front: RunningFront;
    beforeAll(async () => {
      front = await start(policy, name, portOf(brokers[name]));
    });
    afterAll(() => front.stop());

    test('a person signs in through wss:// and hears a device, however long its message', async () => {
      const broker = brokers[name];
      const person = await connectAsync(front.ws, {
        ...broker.credential('viewer'),
        protocolVersion: 4,
        reconnectPeriod: 0,
        wsOptions: { ca: front.certificate, origin: front.origin },
      });
      const heard = new Promise<string>((resolve) =>
        person.once('message', (_topic, payload) => resolve(payload.toString())),
      );
      await person.subscribeAsync('devices/pump-1/telemetry', { qos: 1 });
      const device = await connectClient(broker.mqtt, broker.credential('pump-1'), {
        version: 4,
        clientId: 'pump-1',
      });
      const long = 'x'.repeat(20_000);
      await device.publish('devices/pump-1/telemetry', long);
      expect(await heard).toBe(long);
      await Promise.all([person.endAsync(true), device.end()]);
    });

    test('a page of this host or of the list may connect, and who is no browser', async () => {
      for (const origin of [undefined, front.origin, ELSEWHERE]) expect(await tried(front, origin)).toBe(101);
    });

    test.each([
      'https://elsewhere.example',
      'https://consoleXexample',
      `${ELSEWHERE}.evil.example`,
      'http://console.example',
      'https://127.0.0.1',
      'null',
    ])('a page of %s may not', async (origin) => {
      expect(await tried(front, origin)).toBe(403);
    });

    test.each(['/', '/ws', '/mqtt/', '/mqtt/deeper', '/mqttx', '/elsewhere'])(
      'the path %s does not lead to the broker',
      async (path) => {
        expect(await tried(front, front.origin, path)).not.toBe(101);
      },
    );
  });
});

// Caddy has no limit of connections; its README says so.
test('nginx: one connection more than the limit is refused, until another has gone', async () => {
  const limits = { ...policy.limits, connections: LIMIT };
  const front = await startNginx({ ...policy, limits }, 'nats', portOf(brokers.nats));
  const open = await Promise.all(Array.from({ length: LIMIT }, () => upgrade(front)));
  expect(open.map(({ status }) => status)).toEqual(Array(LIMIT).fill(101));
  expect(await tried(front)).toBe(503);
  open[0]?.socket.terminate();
  await expect.poll(() => tried(front), { timeout: 5_000 }).toBe(101);
  for (const { socket } of open) socket.terminate();
  await front.stop();
});
