import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The built app in a real Chromium over bare CDP: what takes minutes, and what ends the browser. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    // They measure: one at a time.
    fileParallelism: false,
    testTimeout: 45 * 60_000,
    hookTimeout: 60_000,
  },
});
