import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

const FOLDER = fileURLToPath(new URL('./peers', import.meta.url));

/** Bundles each file of `peers/` as a page would load it, mqtt.js as it comes from its package. By name, without `.ts`. */
export async function bundlePeers(): Promise<ReadonlyMap<string, string>> {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));
  const bundles = new Map<string, string>();
  for (const name of names) bundles.set(name, await bundle(`${FOLDER}/${name}.ts`));
  return bundles;
}

async function bundle(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'peer', fileName: 'peer' },
    },
  });
  const [first] = (Array.isArray(output) ? output : [output]) as Rolldown.RolldownOutput[];
  const chunk = first?.output[0];
  if (chunk === undefined) throw new Error(`${entry} gave no bundle.`);
  return chunk.code;
}
