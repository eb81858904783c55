import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Not of the shell: the worker itself, what an administrator edits, and what only an install dialog shows. */
const NOT_SHELL = /^(sw\.js|config\.json|screenshots\/.*)$/;

const sha256 = (data: Buffer | string) => createHash('sha256').update(data);

/** Builds src/sw as sw.js and puts what `BUILD` declares (src/sw/build.d.ts) in front of it. */
function serviceWorker(): Plugin {
  return {
    name: 'telltale:service-worker',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: here('src/sw/service-worker.ts'), fileName: 'sw.js' });
    },
    writeBundle({ dir = '' }, bundle) {
      const chunk = bundle['sw.js'];
      if (chunk?.type !== 'chunk' || chunk.imports.length > 0) this.error('sw.js has to be one file.');
      const shell = readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((path) => !NOT_SHELL.test(path))
        .sort()
        .map((path) => {
          const digest = sha256(readFileSync(join(dir, path))).digest('base64');
          return [path === 'index.html' ? './' : path, `sha256-${digest}`];
        });
      const page = readFileSync(join(dir, 'index.html'), 'utf8');
      const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1];
      if (policy === undefined) this.error('index.html has no meta CSP for the service worker to send.');
      const id = sha256(JSON.stringify(shell)).digest('hex').slice(0, 12);
      const build = JSON.stringify({ id, policy, shell });
      writeFileSync(join(dir, 'sw.js'), `const BUILD=${build};\n${chunk.code}`);
    },
  };
}

export default defineConfig({
  root: here('src'),
  // Relative, so that `dist/` can be served from any path of any static host.
  base: './',
  publicDir: here('public'),
  plugins: [svelte(), serviceWorker()],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: URL for a worker or an image would need a wider CSP.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file of what several parts use, where the bundler would make one for each set of parts that do. Without
          // vite's own helper: the entry has it, and would wait for the rest.
          groups: [{ name: 'shared', minShareCount: 2, test: (id) => !id.includes('preload-helper') }],
        },
      },
    },
  },
  // A classic file: the page fetches its text and starts it from a blob (src/ui/open-worker.ts).
  worker: { format: 'iife' },
  server: { host: '127.0.0.1' },
  test: {
    root: here('.'),
    include: [
      'test/{unit,contract}/**/*.test.ts',
      'test/architecture.test.ts',
      'test/brokers/**/*.test.ts',
      'test/faults/**/*.test.ts',
    ],
    // Every test file gets a fresh module graph; the broker tests start their own processes.
    pool: 'forks',
    // Also on two processors: the broker tests wait for their brokers most of the time.
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
