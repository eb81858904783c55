declare const self: ServiceWorkerGlobalScope;

/** The folder of the page: nothing outside of it is answered. */
export const SCOPE = new URL(self.registration.scope);

/** Caches belong to an origin, and another folder of it may hold another console. No path contains a space. */
export const CACHE_PREFIX = `telltale ${SCOPE.pathname} `;

/** The path of `url` from the page's folder, `./` for the page itself; `undefined` for what lies elsewhere. */
export function pathInScope(url: URL): string | undefined {
  if (url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return undefined;
  const path = url.pathname.slice(SCOPE.pathname.length);
  return path === '' || path === 'index.html' ? './' : path;
}
