import { lintPolicy } from '../lint-policy.ts';
import { ROLES_FILE, loadSource } from '../load-policy.ts';

/** Says what is legal and unwise in a roles file; what is not legal is thrown by reading it. */
export async function lint(flags: { readonly roles?: string }): Promise<readonly string[]> {
  const file = flags.roles ?? ROLES_FILE;
  const warnings = lintPolicy(await loadSource(file));
  return warnings.length === 0 ? [`${file} is legal, and nothing in it is unwise.`] : warnings;
}
