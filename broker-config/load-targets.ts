import { readdir } from 'node:fs/promises';
import type { Target } from './target.ts';

const SHELF = new URL('./targets/', import.meta.url);

/** Every target on the shelf, in order of name. */
export async function loadTargets(): Promise<readonly Target[]> {
  const files = (await readdir(SHELF))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const module = (await import(new URL(file, SHELF).href)) as { target?: Target };
      if (!module.target) throw new Error(`${file} on the shelf of targets exports no "target".`);
      return module.target;
    }),
  );
}
