import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebServer } from '../../src/node/web-server.ts';
import { listen } from '../../src/node/listen.ts';
import { startDemo } from '../support/demo-stack.ts';
import type { DemoStack } from '../support/demo-stack.ts';

const PATIENCE = 30_000;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly ca?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Asks with the path exactly as given: `fetch` would tidy it first. */
function ask(base: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const { hostname, port, protocol } = new URL(base);
  const request = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((done, fail) => {
    request({ hostname, port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body }));
    })
      .on('error', fail)
      .end();
  });
}

describe('the static server', () => {
  let folder: string;
  let base: string;
  let server: ReturnType<typeof createWebServer>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-web-'));
    mkdirSync(join(folder, 'dist/assets'), { recursive: true });
    writeFileSync(join(folder, 'dist/index.html'), '<title>Page</title>');
    writeFileSync(join(folder, 'dist/assets/main-abc123.js'), 'void 0');
    writeFileSync(join(folder, 'dist/manifest.webmanifest'), '{}');
    writeFileSync(join(folder, 'secret'), 'secret');
    mkdirSync(join(folder, 'distant'));
    writeFileSync(join(folder, 'distant/secret'), 'secret');
    server = createWebServer({ folder: join(folder, 'dist'), config: { brokers: [] } });
    base = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0, '--port')}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the page comes with safe headers and is looked at again each time', async () => {
    const { status, headers, body } = await ask(base, '/');
    expect(status).toBe(200);
    expect(body).toContain('Page');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const again = await ask(base, '/', { headers: { 'If-None-Match': String(headers.etag) } });
    expect([again.status, again.body]).toEqual([304, '']);
  });
  it('an asset whose name changes with its content may be kept for ever', async () => {
    const { headers } = await ask(base, '/assets/main-abc123.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toContain('text/javascript');
  });
  it('the manifest has its type', async () => {
    expect((await ask(base, '/manifest.webmanifest')).headers['content-type']).toContain(
      'application/manifest+json',
    );
  });
  it.each([
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/../distant/secret',
    '/assets',
    '/%',
    '/%00',
    '/missing',
  ])('%s is not found', async (path) => {
    const { status, body } = await ask(base, path);
    expect([status, body]).toEqual([404, 'There is no such page here.\n']);
  });
  it('a range that ends before it begins disturbs nobody', async () => {
    expect((await ask(base, '/', { headers: { Range: 'bytes=9-2' } })).status).toBe(200);
  });
  it('only GET and HEAD are answered', async () => {
    expect((await ask(base, '/', { method: 'POST' })).status).toBe(405);
    const head = await ask(base, '/', { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '19']);
  });
});

describe('page and broker on one port', () => {
  let stack: DemoStack;
  beforeAll(async () => {
    stack = await startDemo({ devices: 0, page: false });
  }, PATIENCE);
  afterAll(async () => void (await stack.stop()));

  /** What an upgrade is answered with: the subprotocol, or the status that refused it. */
  function upgrade(path: string, headers: Record<string, string>, protocols = ['mqtt']): Promise<string> {
    return new Promise((done) => {
      const socket = new WebSocket(`${stack.url.replace('http', 'ws')}${path}`, protocols, { headers });
      socket.on('open', () => {
        done(socket.protocol);
        socket.terminate();
      });
      socket.on('unexpected-response', (_request, response) => {
        done(String(response.statusCode));
        socket.terminate();
      });
      socket.on('error', () => {});
    });
  }

  it('config.json offers this broker, relative to the page', async () => {
    expect(JSON.parse((await ask(stack.url, '/config.json')).body)).toEqual({
      brokers: [{ name: 'Demo broker', kind: 'aedes', urls: ['mqtt'], root: 'devices' }],
    });
  });
  it('a page from here may open the socket, a program without an origin too', async () => {
    expect(await upgrade('mqtt', { Origin: stack.url.slice(0, -1) })).toBe('mqtt');
    expect(await upgrade('mqtt', { Origin: 'http://localhost:5173' })).toBe('mqtt');
    expect(await upgrade('mqtt', {})).toBe('mqtt');
  });
  it('a page from elsewhere may not', async () => {
    expect(await upgrade('mqtt', { Origin: 'https://example.com' })).toBe('403');
    expect(await upgrade('mqtt', { Origin: 'http://127.0.0.1.example.com' })).toBe('403');
    expect(await upgrade('mqtt', { Origin: 'null' })).toBe('403');
    expect(stack.log()).toContain('Refused a page from "https://example.com"');
  });
  it('a socket on another path is not found', async () => {
    expect(await upgrade('other', {})).toBe('404');
  });
  it('a page signs in over the socket, and a frame that is too large ends that connection alone', async () => {
    const { username, password } = stack.users['operator']!;
    const options = { username, password, protocolVersion: 4, reconnectPeriod: 0 } as const;
    const client = await mqtt.connectAsync(stack.ws, options);
    const other = await mqtt.connectAsync(stack.ws, options);
    client.on('error', () => {});
    // Whatever error comes before: on a slow machine the rest of the frame is still being written when the socket is gone, an error too.
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish('devices/my-board/cmd', Buffer.alloc(3 * 1024 * 1024));
    await closed;
    await other.publishAsync('devices/my-board/cmd', '{}', { qos: 1 });
    await other.endAsync();
  });
});

describe('--tls', () => {
  it(
    'page and socket are trusted by who trusts the authority, also after a restart',
    { timeout: PATIENCE },
    async () => {
      const stack = await startDemo({ devices: 2, page: false, tls: true });
      expect(stack.url).toMatch(/^https:/);
      expect(stack.ws).toMatch(/^wss:/);
      const ca = await ask(stack.url, '/telltale-ca.crt', { rejectUnauthorized: false });
      expect(ca.headers['content-type']).toBe('application/x-x509-ca-cert');
      await expect(ask(stack.url, '/')).rejects.toThrow();
      const { username, password } = stack.users['viewer']!;
      for (const when of ['first', 'after a restart']) {
        expect((await ask(stack.url, '/', { ca: ca.body })).status, when).toBe(200);
        expect(
          (await ask(stack.url.replace('127.0.0.1', 'localhost'), '/', { ca: ca.body })).status,
          when,
        ).toBe(200);
        const client = await mqtt.connectAsync(stack.ws, {
          ...{ username, password, protocolVersion: 4, reconnectPeriod: 0 },
          wsOptions: { ca: ca.body },
        });
        await client.endAsync();
        if (when === 'first') await stack.restart();
      }
      expect(await stack.stop()).toBe(0);
    },
  );

  it(
    'uses the files that it is given, and offers no authority of its own',
    { timeout: PATIENCE },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'telltale-tls-'));
      const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      const made = spawnSync('openssl', [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      ]);
      expect(made.status).toBe(0);
      const stack = await startDemo({ devices: 0, page: false, tls: [cert, key] });
      expect((await ask(stack.url, '/', { rejectUnauthorized: false })).status).toBe(200);
      expect((await ask(stack.url, '/telltale-ca.crt', { rejectUnauthorized: false })).status).toBe(404);
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  );
});
