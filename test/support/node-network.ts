import { get } from 'node:http';
import { get as getOverTls } from 'node:https';
import type { Network } from '../../src/engine/world/network.ts';

/** Node asks as a browser does for a page of another origin, and tells as little: that somebody answered, or not. */
export function nodeNetwork(ca?: string): Network {
  return {
    online: () => true,
    localNetwork: async () => undefined,
    ask: (url, signal) =>
      new Promise((resolve, reject) => {
        const taken = (response: { resume(): unknown }) => {
          response.resume();
          resolve(undefined);
        };
        const request = url.startsWith('https:')
          ? getOverTls(url, { signal, ca, agent: false }, taken)
          : get(url, { signal, agent: false }, taken);
        request.on('error', reject);
      }),
  };
}
