import type { NoticedAlert } from '../engine-api/wire.ts';
import { playAlarm } from './alarm-sound.ts';

const KEY = 'telltale:alert-signals';
const TITLES = { info: 'For your information', warning: 'Warning', critical: 'Critical alert' };

function stored(): { readonly notify: boolean; readonly sound: boolean } {
  try {
    const { notify, sound } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    return { notify: notify === true, sound: sound === true };
  } catch {
    return { notify: false, sound: false };
  }
}

/** How this browser tells people of an alert beside the page itself: a notification, a sound. */
export class AlertSignals {
  readonly #wished = stored();
  #notify = $state(this.#wished.notify);
  #sound = $state(this.#wished.sound);
  /** `missing` where this browser or this address has no notifications. */
  permission = $state<NotificationPermission | 'missing'>(
    'Notification' in globalThis ? Notification.permission : 'missing',
  );

  constructor() {
    navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const { type, hash } = (data ?? {}) as { type?: unknown; hash?: unknown };
      if (type === 'go' && typeof hash === 'string' && hash.startsWith('#/')) location.hash = hash;
    });
  }

  /** Notifications are wanted and allowed. */
  get notifies(): boolean {
    return this.#notify && this.permission === 'granted';
  }

  get sounds(): boolean {
    return this.#sound;
  }

  /** Asks the browser, which asks the person; to be called when the person wants it, and at no other time. */
  async wantNotifications(): Promise<void> {
    if (this.permission === 'missing') return;
    this.permission = await Notification.requestPermission();
    this.#notify = this.permission === 'granted';
    this.#store();
  }

  stopNotifications(): void {
    this.#notify = false;
    this.#store();
  }

  /** Switches the sound. Switching it on plays it, which also makes browsers allow it later. */
  setSound(on: boolean): void {
    this.#sound = on;
    this.#store();
    if (on) void playAlarm('warning');
  }

  /** An alert began. */
  begun(text: string, alert: NoticedAlert): void {
    if (this.#sound) void playAlarm(alert.severity);
    if (!this.notifies) return;
    const message = { type: 'alert', id: alert.id, title: TITLES[alert.severity], text, hash: '#/alerts' };
    const worker = navigator.serviceWorker?.controller;
    if (worker) worker.postMessage(message);
    // Without a service worker the page shows it itself, where the browser lets pages do that.
    else if (document.hidden) showFromPage(message);
  }

  #store(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ notify: this.#notify, sound: this.#sound }));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }
}

function showFromPage({
  id,
  title,
  text,
}: {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}): void {
  try {
    new Notification(title, { body: text, tag: id });
  } catch {
    // Android takes notifications from service workers alone.
  }
}
