import { readFile } from 'node:fs/promises';
import { lineOf } from '../line-of.ts';
import { lintPolicy } from '../lint-policy.ts';
import { ROLES_FILE, loadSource } from '../load-policy.ts';
import { refusalLine } from '../refusal.ts';

/**
 * Says what is legal and unwise in a roles file, `file:line: reason` each, in order of lines; what is not legal is thrown
 * by reading it.
 */
export async function lint(flags: { readonly roles?: string }): Promise<readonly string[]> {
  const file = flags.roles ?? ROLES_FILE;
  const warnings = lintPolicy(await loadSource(file));
  if (warnings.length === 0) return [`${file} is legal, and nothing in it is unwise.`];
  const text = await readFile(file, 'utf8');
  return warnings
    .map(({ path, reason }) => ({ line: lineOf(text, path), reason }))
    .toSorted((a, b) => a.line - b.line)
    .map((warning) => refusalLine(file, warning));
}
