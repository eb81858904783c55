import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isBuilt } from '../../../src/node/build-page.ts';

const HOUR_S = 3_600;
let project: string;

function write(name: string, atSeconds: number): void {
  const file = join(project, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  for (let path = file; path !== project; path = dirname(path)) utimesSync(path, atSeconds, atSeconds);
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'telltale-build-'));
  for (const name of ['vite.config.ts', 'public/icon.svg', 'src/ui/main.ts', 'src/node/start.ts']) {
    write(name, HOUR_S);
  }
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

it('a fresh clone has no page yet', () => {
  expect(isBuilt(project)).toBe(false);
});
it('a page that is younger than its sources is not built again', () => {
  write('dist/index.html', 2 * HOUR_S);
  expect(isBuilt(project)).toBe(true);
});
it.each(['src/ui/main.ts', 'src/ui/new.ts', 'public/icon.svg', 'vite.config.ts', 'package-lock.json'])(
  'a change in %s makes it old',
  (name) => {
    write('dist/index.html', 2 * HOUR_S);
    write(name, 3 * HOUR_S);
    expect(isBuilt(project)).toBe(false);
  },
);
it('a source that was removed makes it old', () => {
  write('dist/index.html', 2 * HOUR_S);
  rmSync(join(project, 'src/ui/main.ts'));
  expect(isBuilt(project)).toBe(false);
});
it('what never reaches the page does not', () => {
  write('dist/index.html', 2 * HOUR_S);
  write('src/node/start.ts', 3 * HOUR_S);
  utimesSync(join(project, 'src'), HOUR_S, HOUR_S);
  expect(isBuilt(project)).toBe(true);
});
