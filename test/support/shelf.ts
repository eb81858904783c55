import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Imports every entry of a shelf: the `.ts` files right in a folder of the project. `import.meta.glob` is Vite's alone. */
export async function readShelf<Entry>(folder: string, exportName: string): Promise<Entry[]> {
  const path = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  const files = readdirSync(path, { withFileTypes: true }).filter((f) => f.isFile() && /\.ts$/.test(f.name));
  const modules = await Promise.all(files.map((file) => import(/* @vite-ignore */ path + file.name)));
  return modules.flatMap((module) => (exportName in module ? [module[exportName] as Entry] : []));
}
