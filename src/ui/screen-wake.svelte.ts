import { errorText } from './words/error-text.ts';

const KEY = 'telltale:keep-screen-on';

function storedWish(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

/** Keeps the screen of a wall display on, for as long as the page is in sight. */
export class ScreenWake {
  #wanted = $state(storedWish());
  #lock: WakeLockSentinel | undefined;
  /** Insecure contexts and older browsers cannot. */
  readonly possible = 'wakeLock' in navigator;
  /** Why the screen may go dark although it should not, in one sentence. */
  problem = $state('');

  constructor() {
    // The browser takes the lock back whenever the page is hidden.
    document.addEventListener('visibilitychange', () => void this.#request());
    void this.#request();
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  set wanted(wanted: boolean) {
    this.#wanted = wanted;
    try {
      if (wanted) localStorage.setItem(KEY, 'yes');
      else localStorage.removeItem(KEY);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    void this.#request();
  }

  async #request(): Promise<void> {
    this.problem = '';
    if (!this.#wanted) {
      await this.#lock?.release();
      return;
    }
    if (!this.possible || document.visibilityState !== 'visible' || this.#lock?.released === false) return;
    try {
      this.#lock = await navigator.wakeLock.request('screen');
      // Switched off again while the browser was thinking.
      if (!this.#wanted) await this.#lock.release();
    } catch (error) {
      this.problem = `The browser does not keep the screen on: ${errorText(error)}`;
    }
  }
}
