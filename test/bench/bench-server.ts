import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrokerProfile } from '../../src/model/broker.ts';
import { readStaticFile } from '../../src/node/static-file.ts';

/** One place at which the built app is served; another place is another home with another database. */
export interface AppMount {
  readonly profile: BrokerProfile;
  /** Runs in the worker before its own code. */
  readonly prelude?: string;
}

const PAGE = /^\/peer\/([\w-]+)\.html$/;
const SCRIPT = /^\/peer\/([\w-]+)\.js$/;
const APP = /^\/app\/(\d+)(\/.*)$/;

/** Serves the built app and the bench's own pages on a free loopback port: an origin of its own. */
export class BenchServer {
  readonly #server: Server;
  readonly #dist: string;
  readonly #peers: ReadonlyMap<string, string>;
  readonly #mounts: AppMount[] = [];

  private constructor(server: Server, dist: string, peers: ReadonlyMap<string, string>) {
    this.#server = server;
    this.#dist = dist;
    this.#peers = peers;
    server.on('request', (request, response) => {
      this.#respond(request, response).catch(() => response.destroy());
    });
  }

  /** @param dist folder of the built app @param peers bundled scripts by name */
  static async start(dist: string, peers: ReadonlyMap<string, string>): Promise<BenchServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BenchServer(server, dist, peers);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The address of the built app at a place of its own. */
  app(mount: AppMount): string {
    const place = this.#mounts.push(mount) - 1;
    return `http://127.0.0.1:${this.port}/app/${place}/`;
  }

  /** The address of one of the bench's pages. */
  peer(name: string, parameters: unknown): string {
    return `http://127.0.0.1:${this.port}/peer/${name}.html#${encodeURIComponent(JSON.stringify(parameters))}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?');
    const answer = await this.#find(path);
    response.writeHead(answer ? 200 : 404, { 'Content-Type': answer?.type ?? 'text/plain' });
    response.end(answer?.body ?? 'There is nothing here.\n');
  }

  async #find(path: string): Promise<{ type: string; body: string | Buffer } | undefined> {
    const page = PAGE.exec(path)?.[1];
    if (page !== undefined) return { type: 'text/html; charset=utf-8', body: peerPage(page) };
    const script = this.#peers.get(SCRIPT.exec(path)?.[1] ?? '');
    if (script !== undefined) return { type: 'text/javascript; charset=utf-8', body: script };
    const [, place, file] = APP.exec(path) ?? [];
    const mount = this.#mounts[Number(place)];
    return mount === undefined || file === undefined ? undefined : this.#appFile(mount, file);
  }

  async #appFile(
    mount: AppMount,
    path: string,
  ): Promise<{ type: string; body: string | Buffer } | undefined> {
    if (path === '/config.json') {
      return { type: 'application/json', body: JSON.stringify({ brokers: [mount.profile] }) };
    }
    const file = await readStaticFile(this.#dist, path);
    if (file === undefined) return undefined;
    if (path === '/') {
      const probed = file.body
        .toString()
        .replace('<script', '<script src="/peer/app-probe.js"></script><script');
      return { type: file.type, body: probed };
    }
    const isWorker = /^\/assets\/worker-[^/]*\.js$/.test(path);
    return { type: file.type, body: isWorker ? (mount.prelude ?? '') + file.body.toString() : file.body };
  }
}

function peerPage(name: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${name}</title><body><script src="${name}.js"></script>`;
}
