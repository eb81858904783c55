import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Convention } from '../../src/model/convention.ts';

const FOLDER = join(import.meta.dirname, '../../src/conventions');

/** Every convention on the shelf, found as the app finds them: `*.ts` and `<name>/convention.ts`. */
export async function conventionShelf(): Promise<readonly Convention[]> {
  const files = readdirSync(FOLDER, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? join(entry.name, 'convention.ts') : entry.name))
    .filter((file) => file.endsWith('.ts') && existsSync(join(FOLDER, file)));
  const modules = await Promise.all(
    files.map(
      (file) =>
        import(/* @vite-ignore */ pathToFileURL(join(FOLDER, file)).href) as Promise<{
          convention: Convention;
        }>,
    ),
  );
  return modules.map((module) => module.convention);
}
