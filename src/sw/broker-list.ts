import { CACHE_PREFIX, SCOPE } from './scope.ts';

/** The one file that an administrator edits after the build. */
export const BROKER_LIST = 'config.json';

const CACHE = `${CACHE_PREFIX}${BROKER_LIST}`;
const URL_OF_LIST = new URL(BROKER_LIST, SCOPE);

/** A server that has not answered by then may be hanging, and the last known fleet waits behind this. */
const LIMIT_MS = 1_500;

// Past the browser's own cache, where a hanging request would hold up the next one.
const fetchList = (): Promise<Response> => fetch(URL_OF_LIST, { cache: 'no-store' });

/** Keeps a copy before the page has asked through here. Never rejects: the shell works without it. */
export async function keepBrokerList(): Promise<void> {
  await fetchList()
    .then(keep)
    .catch(() => undefined);
}

/** The server's list, or the kept one when the server is away, failing or slow. `extend` keeps the worker alive. */
export async function answerBrokerList(extend: (work: Promise<unknown>) => void): Promise<Response> {
  const fresh = fetchList();
  extend(fresh.then((response) => keep(response.clone())).catch(() => undefined));
  const inTime = await Promise.race([fresh.catch(() => undefined), timeLimit()]);
  // "Not found" is an answer of the administrator's; a failing server is not.
  if (inTime && inTime.status < 500) return inTime;
  return (await caches.match(URL_OF_LIST, { cacheName: CACHE, ignoreVary: true })) ?? fresh;
}

async function keep(response: Response): Promise<void> {
  if (!response.ok || response.redirected) return;
  const text = await response.text();
  // A half-written list is shown as the fault that it is, but does not replace the last good one.
  JSON.parse(text);
  const copy = new Response(text, { headers: { 'Content-Type': 'application/json; charset=utf-8' } });
  await (await caches.open(CACHE)).put(URL_OF_LIST, copy);
}

function timeLimit(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), LIMIT_MS));
}
