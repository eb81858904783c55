import { defineConfig } from '@playwright/test';
import { findProgram } from '../support/install-programs.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/faults',
  // What is measured is how long things take: one at a time.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env['CI'],
  use: { viewport: { width: 1000, height: 700 } },
  projects: [
    {
      name: 'chromium',
      testIgnore: 'firefox.spec.ts',
      use: {
        browserName: 'chromium',
        launchOptions: {
          executablePath: findProgram('chromium') ?? 'chromium',
          // A page that is left has to be kept to come back to, as in a person's browser.
          ignoreDefaultArgs: ['--disable-back-forward-cache'],
          args: [
            '--no-sandbox',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      },
    },
    {
      name: 'firefox',
      testMatch: 'firefox.spec.ts',
      use: {
        browserName: 'firefox',
        // Debian's own, driven by WebDriver BiDi; Playwright 1.65 does not know how.
        channel: 'moz-firefox',
        launchOptions: { executablePath: findProgram('firefox-esr') ?? 'firefox-esr' },
      },
    },
  ],
});
