import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The `.ts` and `.svelte` files below some folders of `root`, as paths from it, without `generated/` and declarations. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter(
          (entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name) && !entry.name.endsWith('.d.ts'),
        )
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, '')),
    )
    .filter((file) => !file.includes('/generated/'))
    .sort();
}
