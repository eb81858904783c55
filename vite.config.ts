import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('src'),
  // Relative, so that `dist/` can be served from any path of any static host.
  base: './',
  publicDir: here('public'),
  plugins: [svelte()],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: URL for a worker or an image would need a wider CSP.
    assetsInlineLimit: 0,
  },
  // One classic file: the page fetches its text and starts it from a blob (src/ui/open-worker.ts).
  worker: { format: 'iife' },
  server: { host: '127.0.0.1' },
  test: {
    root: here('.'),
    include: ['test/{unit,contract}/**/*.test.ts', 'test/architecture.test.ts', 'test/brokers/**/*.test.ts'],
    // Every test file gets a fresh module graph; the broker tests start their own processes.
    pool: 'forks',
    testTimeout: 10_000,
  },
});
