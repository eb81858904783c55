/** Chromium's own event; no standard has it. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

/** Set in Safari on iOS alone: whether the page was opened from the Home Screen. */
interface AppleNavigator {
  readonly standalone?: boolean;
}

const HINT_SEEN = 'telltale:home-screen-hint';

function hintWasSeen(): boolean {
  try {
    return localStorage.getItem(HINT_SEEN) !== null;
  } catch {
    // Without storage nothing could be remembered: rather no hint than one at every visit.
    return true;
  }
}

/** Whether and how this page can become an app on this computer or phone. */
export class InstallOffer {
  #prompt = $state.raw<InstallPromptEvent>();
  /** Runs in a window of its own. */
  installed = $state(matchMedia('(display-mode: standalone)').matches);
  /** Whether to tell a person with an iPhone or iPad where Safari has hidden it: there is no prompt to open. */
  hint = $state(isSecureContext && (navigator as AppleNavigator).standalone === false && !hintWasSeen());

  /** `early` is the browser's offer, where it came before this was there to hear it. */
  constructor(early: Event | undefined) {
    this.#prompt = early as InstallPromptEvent | undefined;
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPromptEvent;
    });
    addEventListener('appinstalled', () => (this.#prompt = undefined));
  }

  /** Whether {@link ask} opens something. */
  get possible(): boolean {
    return this.#prompt !== undefined;
  }

  /** Opens the browser's own dialog; a prompt can be used once. */
  async ask(): Promise<void> {
    const prompt = this.#prompt;
    this.#prompt = undefined;
    await prompt?.prompt();
  }

  /** Never shows the hint again in this browser. */
  dismissHint(): void {
    this.hint = false;
    try {
      localStorage.setItem(HINT_SEEN, 'seen');
    } catch {
      // Then it is gone for as long as the page lives.
    }
  }
}
