import { readdir } from 'node:fs/promises';
import type { DemoKind } from '../demo/demo-device.ts';

const SHELF = new URL('../demo/devices/', import.meta.url);

/** Reads the shelf `src/demo/devices/`: every file `<kind>.ts` exports a `DemoKind` of that name. */
export async function readShelf(): Promise<ReadonlyMap<string, DemoKind>> {
  const files = (await readdir(SHELF)).filter((file) => file.endsWith('.ts')).sort();
  const kinds = await Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -'.ts'.length);
      const module = (await import(new URL(file, SHELF).href)) as Record<string, DemoKind | undefined>;
      const kind = module[name];
      if (kind?.kind !== name)
        throw new Error(`src/demo/devices/${file} must export a demo device "${name}".`);
      return [name, kind] as const;
    }),
  );
  return new Map(kinds);
}
