import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policyDocument } from '../../src/model/policy.ts';
import type { Policy } from '../../src/model/policy.ts';
import { expectedText } from '../expected.ts';
import { loadPolicy } from '../load-policy.ts';
import { loadTargets } from '../load-targets.ts';
import { UserError, sentence } from '../user-error.ts';

/** The folder that is committed. */
export const GENERATED = fileURLToPath(new URL('../generated', import.meta.url));

/** Everything that belongs under `generated/`, text by path. */
export async function generatedTexts(policy: Policy, only?: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const target of await loadTargets()) {
    if (only !== undefined && target.name !== only) continue;
    for (const { path, text } of target.compile(policy, {})) texts.set(`${target.name}/${path}`, text);
  }
  for (const principal of policy.principals) {
    texts.set(
      `policy/${principal.username}.json`,
      `${JSON.stringify(policyDocument(principal, policy.limits), null, 2)}\n`,
    );
  }
  texts.set('expected.json', expectedText(policy));
  return texts;
}

/** Writes `folder` anew from the roles file, and takes away what no longer belongs there. */
export async function generate(folder = GENERATED): Promise<readonly string[]> {
  const wanted = await generatedTexts(await loadPolicy());
  try {
    for (const path of await filesIn(folder)) if (!wanted.has(path)) await rm(join(folder, path));
    for (const [path, text] of wanted) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  } catch (error) {
    throw new UserError(`The folder ${folder} cannot be written: ${sentence(error)}.`);
  }
  return [...wanted.keys()];
}

/** What differs between `folder` and the roles file, one line a file; empty when nothing does. */
export async function drift(folder = GENERATED): Promise<readonly string[]> {
  const wanted = await generatedTexts(await loadPolicy());
  const found = await filesIn(folder);
  const lines = found
    .filter((path) => !wanted.has(path))
    .map((path) => `${path} does not belong to the policy`);
  for (const [path, text] of wanted) {
    if (!found.includes(path)) lines.push(`${path} is missing`);
    else if ((await readFile(join(folder, path), 'utf8')) !== text)
      lines.push(`${path} differs from the policy`);
  }
  return lines.sort();
}

async function filesIn(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
