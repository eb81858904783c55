import { withPageHeaders } from './page-headers.ts';
import { CACHE_PREFIX, SCOPE } from './scope.ts';

declare const self: ServiceWorkerGlobalScope;

const SHELL_PREFIX = `${CACHE_PREFIX}shell `;
const CURRENT = `${SHELL_PREFIX}${BUILD.id}`;
const PATHS = new Set(BUILD.shell.map(([path]) => path));

/** A running page holds a Web Lock of this name and the URL of its entry script (src/ui/offline-copy.svelte.ts). */
const RUNNING = 'telltale running ';

/** Some servers answer with `Vary: Origin`; what is stored was asked for without one. */
const MATCH = { ignoreVary: true };

/** Whether a path from {@link pathInScope} is a file of this build, or may be one of an older build. */
export function isOfShell(path: string): boolean {
  return PATHS.has(path) || path.startsWith('assets/');
}

/**
 * Stores the whole shell, or nothing: rejects when a file is missing or is not the one that this build made, as while
 * a new build is being copied to the host.
 */
export async function storeShell(): Promise<void> {
  const files = await Promise.all(
    BUILD.shell.map(async ([path, integrity]) => {
      const response = await fetch(new URL(path, SCOPE), { cache: 'no-cache', integrity });
      if (!response.ok) throw new TypeError(`${path} was answered with ${response.status}.`);
      return [path, path === './' ? withPageHeaders(response) : response] as const;
    }),
  );
  const cache = await caches.open(CURRENT);
  await Promise.all(files.map(([path, response]) => cache.put(new URL(path, SCOPE), response)));
}

/** The file from this build; a page of an older build still finds its own; what the browser dropped is fetched. */
export async function fromShell(path: string, request: Request): Promise<Response> {
  const url = new URL(path, SCOPE);
  const current = await caches.match(url, { cacheName: CURRENT, ...MATCH });
  if (current) return current;
  for (const cacheName of await caches.keys()) {
    const older = cacheName.startsWith(SHELL_PREFIX)
      ? await caches.match(url, { cacheName, ...MATCH })
      : undefined;
    if (older) return older;
  }
  return fetch(request);
}

/** Deletes the shells of other builds, except those that a running page still loads from. */
export async function tidyShells(): Promise<void> {
  const names = await caches.keys();
  // The build that is waiting has no page yet.
  if (self.registration.installing || self.registration.waiting) return;
  const { held = [] } = await self.navigator.locks.query();
  const running = new Set(held.map(({ name }) => name));
  for (const name of names) {
    if (!name.startsWith(SHELL_PREFIX) || name === CURRENT) continue;
    if (!(await isInUse(await caches.open(name), running))) await caches.delete(name);
  }
}

async function isInUse(cache: Cache, running: ReadonlySet<string | undefined>): Promise<boolean> {
  const urls = (await cache.keys()).map(({ url }) => url);
  // An entry script names all chunks of its build by their hashes: one that this build has too finds everything here.
  return urls.some((url) => running.has(RUNNING + url) && !isCurrent(url));
}

function isCurrent(url: string): boolean {
  return BUILD.shell.some(([path]) => new URL(path, SCOPE).href === url);
}
