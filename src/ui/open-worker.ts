// The one exception to "nobody imports the engine": its address, never its code.
import workerUrl from '../engine/worker.ts?worker&url';
// And the address of what it loads later.
import mqttUrl from 'mqtt/dist/mqtt.esm?url';

interface WorkerPolicy {
  createScriptURL(url: string): string;
}

/** Trusted Types, where the browser has them: this policy lets exactly one blob through, the engine's own text. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: WorkerPolicy): WorkerPolicy };
  };
  const rules = {
    createScriptURL(candidate: string) {
      if (candidate !== url) throw new TypeError('Only the engine may run as a worker.');
      return candidate;
    },
  };
  return trustedTypes ? trustedTypes.createPolicy('telltale-worker', rules).createScriptURL(url) : url;
}

/**
 * Starts the engine. From a blob of its text, because a worker that is started from a URL does not inherit the page's
 * meta CSP and is refused under Trusted Types; one from a blob inherits both. Under `vite dev` it is many modules and
 * starts from its URL. Rejects with one sentence when the text cannot be fetched.
 */
export async function openWorker(): Promise<Worker> {
  if (import.meta.env.DEV) return new Worker(trusted(workerUrl), { type: 'module', name: 'telltale-engine' });
  const response = await fetch(workerUrl);
  if (!response.ok) throw new Error(`The engine could not be loaded (${response.status}). Reload the page.`);
  // A blob has no folder that a relative URL could be resolved against.
  const mqtt = `const MQTT_URL=${JSON.stringify(new URL(mqttUrl, location.href).href)};\n`;
  const url = URL.createObjectURL(new Blob([mqtt, await response.text()], { type: 'text/javascript' }));
  try {
    return new Worker(trusted(url), { name: 'telltale-engine' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
