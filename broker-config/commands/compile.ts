import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expectedText } from '../expected.ts';
import { loadPolicy } from '../load-policy.ts';
import { loadTargets } from '../load-targets.ts';
import { UserError, sentence } from '../user-error.ts';

/** The flags of `compile`, as they were typed. */
export interface CompileFlags {
  readonly target?: string;
  readonly out?: string;
  readonly roles?: string;
}

/** Writes one target's files, without secrets, and `expected.json` into a folder; gives the lines to tell the person. */
export async function compile(flags: CompileFlags): Promise<readonly string[]> {
  const targets = await loadTargets();
  const target = targets.find(({ name }) => name === flags.target);
  if (!target) {
    const reason =
      flags.target === undefined ? 'needs --target NAME' : `does not know the target "${flags.target}"`;
    const names = targets.map(({ name }) => name).join(', ');
    throw new UserError(`compile ${reason}; there are ${names}.`, 2);
  }
  if (!flags.out) throw new UserError('compile needs --out DIR, the folder to write to.', 2);
  const folder = resolve(flags.out);
  const policy = await loadPolicy({ file: flags.roles });
  const files = [...target.compile(policy, {}), { path: 'expected.json', text: expectedText(policy) }];
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  } catch (error) {
    throw new UserError(`${folder} cannot be written: ${sentence(error)}.`);
  }
  return [`Wrote ${files.length} files to ${folder}, without passwords; read its README.md.`];
}
