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
    viewport: { width: 1000, height: 700 },
  },
});
