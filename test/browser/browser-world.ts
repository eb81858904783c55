import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApp, type AppPage } from '../bench/app-page.ts';
import { BenchServer } from '../bench/bench-server.ts';
import { bundlePeers } from '../bench/bundle-peers.ts';
import { startChromium, type Chromium } from '../bench/cdp.ts';
import type { Credential } from '../../src/model/broker.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** `npm run test:long`: the whole length. */
export const LONG = process.env['TELLTALE_LONG'] === '1';

/** The built app on a loopback port, and a Chromium whose profile is on disk. */
export class BrowserWorld {
  readonly #server: BenchServer;
  chromium: Chromium;

  private constructor(server: BenchServer, chromium: Chromium) {
    this.#server = server;
    this.chromium = chromium;
  }

  static async start(): Promise<BrowserWorld> {
    if (!existsSync(`${DIST}/index.html`)) throw new Error('The page is not built. Run npm run build.');
    const server = await BenchServer.start(DIST, await bundlePeers());
    return new BrowserWorld(server, await startChromium());
  }

  /** The app's address, a home of its own, for a broker at `ws`. */
  app(ws: string): string {
    return this.#server.app({
      profile: { name: 'bench', kind: 'mosquitto', urls: [ws], root: 'devices' },
    });
  }

  /** Signs in at `url`, an address of {@link app}. */
  open(url: string, credential: Credential, queue = false): Promise<AppPage> {
    const { pathname } = new URL(url);
    const choice = JSON.stringify([['bench', { record: 'everything', queue }]]);
    // As Settings keeps it; a killed browser may not have written it down yet.
    const before = `localStorage.setItem('telltale:${pathname}:link', ${JSON.stringify(choice)})`;
    return openApp(this.chromium, `${url}#/sign-in`, 'bench', credential, before);
  }

  /** Starts Chromium again with the same profile. */
  async again(): Promise<void> {
    this.chromium = await startChromium(this.chromium.profile);
  }

  async stop(): Promise<void> {
    await this.chromium.remove();
    await this.#server.stop();
  }
}
