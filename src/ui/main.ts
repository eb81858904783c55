import { openWorker } from './open-worker.ts';
import './tokens.css';

/** The browser offers once that the page can be installed, when it likes: maybe before there is a page. */
let installPrompt: Event | undefined;
addEventListener(
  'beforeinstallprompt',
  (event) => {
    event.preventDefault();
    installPrompt = event;
  },
  { once: true },
);

// What the page waits for, and what takes longest: asked for before the page itself is loaded.
const opening = openWorker();
const answering = fetch(new URL('config.json', new URL('.', location.href)), { cache: 'no-cache' });
// Whoever starts the page says what failed, and comes later.
opening.catch(() => undefined);
answering.catch(() => undefined);

async function loadPage(target: HTMLElement): Promise<void> {
  const fromCopy = 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;
  // Out of the copy in this browser nothing waits for a network: loaded at once, the page would only take the processor
  // from the worker that it is going to wait for.
  if (fromCopy) await opening.catch(() => undefined);
  try {
    const { start } = await import('./start.ts');
    await start(target, { opening, answering, installPrompt, entry: import.meta.url });
  } catch {
    target.textContent =
      'Telltale could not be loaded: its server is away or lacks a file of it. Reload this page.';
  }
}

const target = document.getElementById('app');
if (target !== null) void loadPage(target);
