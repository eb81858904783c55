import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Policy } from '../src/model/policy.ts';
import { parsePolicySource } from './parse-policy.ts';
import { resolvePolicy } from './policy-source.ts';
import type { PolicySource } from './policy-source.ts';
import { refusalLine } from './refusal.ts';
import { UserError, sentence } from './user-error.ts';
import { withDevices } from './with-devices.ts';

/** The roles file that stands beside this one. */
export const ROLES_FILE = fileURLToPath(new URL('./roles.yaml', import.meta.url));

/**
 * A roles file as it stands, placeholders not yet filled in.
 * @throws UserError when it cannot be read or is refused, one line for each reason.
 */
export async function loadSource(file: string): Promise<PolicySource> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(`The roles file ${file} cannot be read: ${sentence(error)}.`);
  });
  const parsed = parsePolicySource(text);
  if (parsed.ok) return parsed.source;
  throw new UserError(parsed.refusals.map((refusal) => refusalLine(file, refusal)).join('\n'));
}

/**
 * The policy of a roles file with a principal for each of `devices` added.
 * @throws UserError when the file cannot be read or is refused (one line for each reason), or an id is not fit.
 */
export async function loadPolicy(
  options: { file?: string; devices?: readonly string[] } = {},
): Promise<Policy> {
  const { file = ROLES_FILE, devices = [] } = options;
  const source = await loadSource(file);
  try {
    return resolvePolicy(withDevices(source, devices));
  } catch (error) {
    throw new UserError(sentence(error));
  }
}
