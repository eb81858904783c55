import { SCOPE } from './scope.ts';

declare const self: ServiceWorkerGlobalScope;

/** What a page asks to have shown. */
export interface AlertMessage {
  readonly type: 'alert';
  /** One notification for each, however many tabs ask. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The address to open, after the `#`. */
  readonly hash: string;
}

export function isAlertMessage(data: unknown): data is AlertMessage {
  return typeof data === 'object' && data !== null && (data as { type?: unknown }).type === 'alert';
}

async function windows(): Promise<readonly WindowClient[]> {
  const clients = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return clients.filter(({ url }) => url.startsWith(SCOPE.href));
}

/** Shows an alert, unless somebody looks at the console right now. */
export async function showAlert({ id, title, text, hash }: AlertMessage): Promise<void> {
  const looking = (await windows()).some(
    ({ focused, visibilityState }) => focused && visibilityState === 'visible',
  );
  if (looking) return;
  // The same tag again replaces the notification without a sound: every tab of the home asks for the same one.
  await self.registration.showNotification(title, {
    body: text,
    tag: id,
    icon: new URL('icons/icon-192.png', SCOPE).href,
    data: hash,
  });
}

/** A person chose the notification: brings a console to the front, or opens one. */
export async function openAlert(notification: Notification): Promise<void> {
  notification.close();
  const hash = typeof notification.data === 'string' ? notification.data : '#/alerts';
  const [first] = await windows();
  if (!first) {
    await self.clients.openWindow(new URL(hash, SCOPE).href);
    return;
  }
  await first.focus();
  first.postMessage({ type: 'go', hash });
}
