import { test as base, type Browser, type BrowserContext } from '@playwright/test';
import type { Credential } from '../../src/model/broker.ts';
import { ConsolePage } from './console-page.ts';
import { startDemo, type DemoStack } from './demo-stack.ts';
import { connectDevice, type SequenceDevice } from './sequence-device.ts';

interface OfOneTest {
  /** A page of the console at the demo's address, not signed in. */
  readonly console: ConsolePage;
  /** Connects the spare device `my-board`; it is gone when the test ends. */
  readonly board: () => Promise<SequenceDevice>;
}

interface OfAllTests {
  /** The real `npm start` with its broker, its fleet of 24 and the built page. */
  readonly demo: DemoStack;
}

export const test = base.extend<OfOneTest, OfAllTests>({
  demo: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs off this pattern
    async ({}, use) => {
      const demo = await startDemo();
      await use(demo);
      await demo.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  console: async ({ page, demo }, use) => {
    const console = new ConsolePage(page);
    await page.goto(demo.url);
    await use(console);
  },
  board: async ({ demo }, use) => {
    const connected: SequenceDevice[] = [];
    await use(async () => {
      const device = await connectDevice(demo.mqtt, 'my-board', spare(demo));
      connected.push(device);
      return device;
    });
    for (const device of connected) await device.end();
  },
});

export { expect } from '@playwright/test';

/** The credential of one of the demo's people. */
export function person(demo: DemoStack, name: 'viewer' | 'operator' | 'admin'): Credential {
  const credential = demo.users[name];
  if (!credential) throw new Error(`The demo has no credential for ${name}.`);
  return credential;
}

/** The credential of the spare device. */
export function spare(demo: DemoStack): Credential {
  const credential = demo.devices['my-board'];
  if (!credential) throw new Error('The demo has no credential for my-board.');
  return credential;
}

/** A browser with a profile on disk, as a person's is: what it stores is there after it was closed. */
export async function openProfile(browser: Browser, folder: string): Promise<BrowserContext> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return browser.browserType().launchPersistentContext(folder, { executablePath, args: ['--no-sandbox'] });
}
