// The entry: the shell from its caches, config.json from the network first, and everything else, the broker above all,
// as if there were no service worker. Written by hand, not with Workbox: three rules and one list need no library,
// and what a page may be served from can be read here in full.
import { isAlertMessage, openAlert, showAlert } from './alert-notification.ts';
import { answerBrokerList, BROKER_LIST, keepBrokerList } from './broker-list.ts';
import { pathInScope } from './scope.ts';
import { fromShell, isOfShell, storeShell, tidyShells } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => {
  // No skipWaiting here: pages of the old build are running.
  event.waitUntil(Promise.all([storeShell(), keepBrokerList()]));
});

self.addEventListener('activate', (event) => {
  // So that a first visit is already one that finds its lazily loaded parts without a network.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  if (event.data === 'activate') event.waitUntil(self.skipWaiting());
  if (event.data === 'tidy') event.waitUntil(tidyShells());
  // A notification that the browser does not let through is told in the page all the same.
  if (isAlertMessage(event.data)) event.waitUntil(showAlert(event.data).catch(() => undefined));
});

self.addEventListener('notificationclick', (event) => {
  event.waitUntil(openAlert(event.notification));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? pathInScope(new URL(request.url)) : undefined;
  if (path === undefined) return;
  if (path === BROKER_LIST) {
    event.respondWith(answerBrokerList((work) => event.waitUntil(work)));
  } else if (isOfShell(path)) {
    event.respondWith(fromShell(path, request));
  }
});
