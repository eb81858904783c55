import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { readStaticFile } from './static-file.ts';
import type { TlsFiles } from './tls-files.ts';

export interface WebServerOptions {
  /** The built page. */
  readonly folder: string;
  /** Answered as `config.json`, in place of the built one. */
  readonly config: unknown;
  readonly tls?: TlsFiles;
}

/** Where a phone gets the certificate authority of `--tls`. */
export const CA_PATH = '/telltale-ca.crt';

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // The page carries its own policy; this part of it works in a header alone.
  'Content-Security-Policy': "frame-ancestors 'self'",
};

/** The static server of `npm start`; not yet listening. */
export function createWebServer(options: WebServerOptions): Server {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    respond(options, request, response).catch(() => response.destroy());
  };
  const { tls } = options;
  return tls ? createHttpsServer({ cert: tls.cert, key: tls.key }, answer) : createHttpServer(answer);
}

async function respond(
  options: WebServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (
    status: number,
    type: string,
    body: Buffer | string,
    headers: Record<string, string> = {},
  ) => {
    const bytes = Buffer.from(body);
    response.writeHead(status, {
      ...HEADERS,
      'Cache-Control': 'no-cache',
      'Content-Type': type,
      'Content-Length': bytes.length,
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return send(405, 'text/plain; charset=utf-8', 'Only GET and HEAD are answered here.\n', {
      Allow: 'GET, HEAD',
    });
  }
  const [path = '/'] = (request.url ?? '/').split(/[?#]/);
  if (path === '/config.json') {
    return send(200, 'application/json; charset=utf-8', JSON.stringify(options.config));
  }
  if (path === CA_PATH && options.tls?.ca !== undefined) {
    return send(200, 'application/x-x509-ca-cert', options.tls.ca);
  }
  const file = await readStaticFile(options.folder, path);
  if (!file) return send(404, 'text/plain; charset=utf-8', 'There is no such page here.\n');
  const headers: Record<string, string> = { ETag: file.etag };
  if (file.hashed) headers['Cache-Control'] = 'public, max-age=31536000, immutable';
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, { ...HEADERS, 'Cache-Control': 'no-cache', ...headers });
    response.end();
    return;
  }
  send(200, file.type, file.body, headers);
}
