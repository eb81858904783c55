import { defineConfig } from '@playwright/test';
import { findProgram } from '../support/install-programs.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/e2e',
  // Each file starts brokers and browsers of its own; two at a time would measure the machine.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env['CI'],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: findProgram('chromium') ?? 'chromium',
      // Without these Debian's Chromium looks up hosts of its maker at every start.
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    viewport: { width: 1280, height: 800 },
  },
});
