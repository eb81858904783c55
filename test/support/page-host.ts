import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWebServer } from '../../src/node/web-server.ts';

/** The built page. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
/** The page lies below the root of its host, beside other things. */
const BASE = '/consoles/plant-7/';

/** A static host with a copy of the built page, in a folder of its own. */
export interface PageHost {
  readonly url: string;
  readonly folder: string;
  /** The paths that were asked for, from the page's folder. */
  readonly asked: string[];
  /** What becomes of a request for config.json. */
  config: 'answered' | 'hanging' | 503 | 404;
  /** The brokers in config.json. */
  brokers: unknown[];
  stop(): Promise<void>;
}

/** Serves `dist/`, which has to be built, with the server of `npm start`. */
export async function hostPage(): Promise<PageHost> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-host-'));
  cpSync(DIST, folder, { recursive: true });
  const config = { brokers: [] as unknown[] };
  const files = createWebServer({ folder, config });
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (!path.startsWith(BASE)) {
      response.writeHead(404).end();
      return;
    }
    const inside = path.slice(BASE.length);
    host.asked.push(inside);
    if (inside === 'config.json' && host.config === 'hanging') return;
    if (inside === 'config.json' && typeof host.config === 'number') {
      response.writeHead(host.config).end();
      return;
    }
    request.url = `/${inside}`;
    files.emit('request', request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host: PageHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    folder,
    asked: [],
    config: 'answered',
    get brokers() {
      return config.brokers;
    },
    set brokers(brokers) {
      config.brokers = brokers;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return host;
}

interface Build {
  id: string;
  shell: [path: string, integrity: string][];
}

/**
 * Turns the page in `folder` into a later build of it: every asset has another name, and none of the old is left.
 * Its document says so: `<meta name="build" content="later">`.
 */
export function deployLaterBuild(folder: string): void {
  const assets = readdirSync(join(folder, 'assets'));
  const later = (name: string) => name.replace(/-([^-]+)\.(\w+)$/, '-later-$1.$2');
  const renamed = (text: string) => assets.reduce((all, name) => all.replaceAll(name, later(name)), text);
  for (const name of assets) {
    const path = join(folder, 'assets', name);
    writeFileSync(path, renamed(readFileSync(path, 'utf8')));
    renameSync(path, join(folder, 'assets', later(name)));
  }
  const page = renamed(readFileSync(join(folder, 'index.html'), 'utf8'));
  writeFileSync(
    join(folder, 'index.html'),
    page.replace('<title>', '<meta name="build" content="later" /><title>'),
  );
  rewriteBuild(folder, renamed);
}

function rewriteBuild(folder: string, renamed: (text: string) => string): void {
  const text = readFileSync(join(folder, 'sw.js'), 'utf8');
  const [line = ''] = text.split('\n', 1);
  const build = JSON.parse(renamed(line.slice(line.indexOf('{'), line.lastIndexOf(';')))) as Build;
  build.id = 'later';
  for (const entry of build.shell) {
    const bytes = readFileSync(join(folder, entry[0] === './' ? 'index.html' : entry[0]));
    entry[1] = `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
  }
  writeFileSync(join(folder, 'sw.js'), `const BUILD=${JSON.stringify(build)};${text.slice(line.length)}`);
}

/** Takes the file in `assets/` whose name begins so away from the host, until `back` is called. */
export function setAside(
  host: PageHost,
  begins: string,
): { readonly path: string; readonly back: () => void } {
  const file = readdirSync(join(host.folder, 'assets')).find((name) => name.startsWith(begins));
  if (file === undefined) throw new Error(`The build has no file that begins with ${begins}.`);
  const [there, aside] = [join(host.folder, 'assets', file), join(host.folder, `aside-${file}`)];
  renameSync(there, aside);
  return { path: `assets/${file}`, back: () => renameSync(aside, there) };
}
