import { mayHaveServiceWorker, registerServiceWorker } from './register-service-worker.ts';
import { errorText } from './words/error-text.ts';

/** A wall display never navigates, so nothing else would look for it. */
const CHECK_EVERY_MS = 3_600_000;

const NOT_STORED =
  'A file of it is missing on the server, is not the one that was built, or found no room in this browser.';

/**
 * The copy of this page that the browser keeps to start from, and what becomes of a newer one. A new version is used
 * when the person says so; the tab in which they say it reloads, and no other.
 */
export class OfflineCopy {
  #page: URL;
  #registration: ServiceWorkerRegistration | undefined;
  /** Asked in this tab: reloads it, if nothing speaks against it when the new version has begun. */
  #whyNot: (() => string | undefined) | undefined;

  /** `none` where the browser cannot have one. */
  state = $state<'none' | 'storing' | 'kept' | 'failed'>('none');
  /** Why it, or a newer one, could not be stored. */
  problem = $state('');
  /** `ready`: stored and waiting. `begun`: other tabs may use it, and this one runs the old version. */
  newer = $state<'none' | 'ready' | 'begun'>('none');

  /** `page` is the folder of the page. */
  constructor(page: URL) {
    this.#page = page;
  }

  /**
   * Stores the copy, or looks for a newer version. Never rejects.
   * @param entry the URL of the page's entry script: as long as this page lives, its build is not deleted
   */
  async begin(entry: string): Promise<void> {
    if (!mayHaveServiceWorker()) return;
    holdBuild(entry);
    navigator.serviceWorker.addEventListener('controllerchange', () => this.#replaced());
    this.state = 'storing';
    try {
      const registration = await registerServiceWorker(this.#page);
      this.#registration = registration;
      registration.addEventListener('updatefound', () => this.#follow(registration.installing));
      this.#follow(registration.installing);
      if (registration.active !== null) {
        this.state = 'kept';
        registration.active.postMessage('tidy');
        this.#check();
      }
      if (registration.waiting !== null) this.newer = 'ready';
    } catch (error) {
      this.#fail(errorText(error));
      return;
    }
    setInterval(() => this.#check(), CHECK_EVERY_MS);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#check();
    });
  }

  /**
   * Starts to use the new version and reloads this tab.
   * @param whyNot asked again when the new version has begun: somebody may have typed something meanwhile
   */
  use(whyNot: () => string | undefined): void {
    if (this.newer === 'begun') {
      location.reload();
      return;
    }
    this.#whyNot = whyNot;
    this.#registration?.waiting?.postMessage('activate');
  }

  #check(): void {
    // Without a network there is nothing to find, and the next check comes.
    if (navigator.onLine) this.#registration?.update().catch(() => undefined);
  }

  #follow(worker: ServiceWorker | null): void {
    let stored = false;
    worker?.addEventListener('statechange', () => {
      const first = this.state !== 'kept';
      if (worker.state === 'activated') this.state = 'kept';
      else if (worker.state === 'installed') {
        stored = true;
        this.problem = '';
        if (!first) this.newer = 'ready';
      } else if (worker.state === 'redundant' && !stored) {
        if (first) this.#fail(NOT_STORED);
        else this.problem = `A newer version could not be stored. ${NOT_STORED}`;
      }
    });
  }

  #replaced(): void {
    // A first version takes a page over as well; that changes nothing for it.
    if (this.newer !== 'ready') return;
    if (this.#whyNot && this.#whyNot() === undefined) location.reload();
    else this.newer = 'begun';
  }

  #fail(problem: string): void {
    this.state = 'failed';
    this.problem = problem;
  }
}

/** Held until the page goes; src/sw/shell.ts looks for it. */
function holdBuild(entry: string): void {
  void navigator.locks.request(`telltale running ${entry}`, { mode: 'shared' }, () => new Promise(() => {}));
}
