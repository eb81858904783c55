interface ScriptPolicy {
  createScriptURL(url: string): string;
}

/** Trusted Types, where the browser has them: this policy lets one address through. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
  };
  const rules = {
    createScriptURL(candidate: string) {
      if (candidate !== url) throw new TypeError('Only sw.js may be the service worker.');
      return candidate;
    },
  };
  return trustedTypes
    ? trustedTypes.createPolicy('telltale-service-worker', rules).createScriptURL(url)
    : url;
}

/** Whether this page may have a service worker: not in an insecure context, and not under `vite dev`. */
export function mayHaveServiceWorker(): boolean {
  return import.meta.env.PROD && 'serviceWorker' in navigator;
}

/**
 * Registers `sw.js` beside the page, for the page's folder and what is below it.
 * Call it once; rejects when the script cannot be fetched, or the browser refuses it.
 */
export function registerServiceWorker(page: URL): Promise<ServiceWorkerRegistration> {
  const url = trusted(new URL('./sw.js', page).href);
  // A cached sw.js would hide a new version for as long as its host says.
  return navigator.serviceWorker.register(url, { updateViaCache: 'none' });
}
