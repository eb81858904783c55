import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.ts';

/** What the page is made of, relative to the project; `src/node` and `src/demo` never reach it. */
const SOURCES = ['vite.config.ts', 'package-lock.json', 'public', 'src', 'broker-config/targets'];
const NOT_SOURCES = new Set(['node', 'demo']);

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const names = readdirSync(path).filter((name) => !(path.endsWith('src') && NOT_SOURCES.has(name)));
  // The folder's own time tells of files that were removed.
  return Math.max(stats.mtimeMs, ...names.map((name) => newest(join(path, name))));
}

/** @throws Refusal when `folder` holds no built page */
export function requirePage(folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Refusal(
      `There is no built page in ${folder}; build one with "npm run build" or leave --dist out.`,
    );
  }
}

/** Whether `dist/` is there and no source is younger. */
export function isBuilt(project: string): boolean {
  const built = statSync(join(project, 'dist/index.html'), { throwIfNoEntry: false });
  return built !== undefined && SOURCES.every((source) => newest(join(project, source)) <= built.mtimeMs);
}

/**
 * Builds the page beside `dist/` and puts it in place at once, so that nobody is served half of it.
 * @throws Refusal with vite's own words when it does not build
 */
export async function buildPage(project: string, signal: AbortSignal): Promise<void> {
  const draft = join(project, 'node_modules/.cache/telltale', `dist-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    await runVite(project, draft, signal);
    if (!signal.aborted) putInPlace(draft, join(project, 'dist'));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function runVite(project: string, draft: string, signal: AbortSignal): Promise<void> {
  const vite = join(project, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite)) throw new Refusal('The packages are not installed; run "npm ci" first.');
  const args = [vite, 'build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'];
  const child = spawn(process.execPath, args, {
    cwd: project,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((done, fail) => {
    child.on('error', (error) => (signal.aborted ? done() : fail(error)));
    child.on('close', (code) => {
      if (code === 0 || signal.aborted) done();
      else fail(new Refusal(`${output.trim()}\nThe page does not build; put right what is said above.`));
    });
  });
}

function putInPlace(draft: string, dist: string): void {
  const old = `${draft}.old`;
  try {
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(draft, dist);
  } catch (error) {
    // Another start that built the same sources may have been quicker.
    if (!existsSync(join(dist, 'index.html'))) throw error;
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}
