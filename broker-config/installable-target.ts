import type { InstallableTarget } from './install-target.ts';
import { loadTargets } from './load-targets.ts';
import { UserError } from './user-error.ts';

/**
 * The target of a name, for a command that needs one with passwords.
 * @throws UserError naming the targets that there are.
 */
export async function installableTarget(
  command: string,
  name: string | undefined,
): Promise<InstallableTarget> {
  const targets = (await loadTargets()).flatMap((target) => {
    const { installation } = target;
    return installation ? [{ ...target, installation }] : [];
  });
  const found = targets.find((target) => target.name === name);
  if (found) return found;
  const names = targets.map((target) => target.name).join(', ');
  const reason = name === undefined ? 'needs --target NAME' : `does not know the target "${name}"`;
  throw new UserError(`${command} ${reason}; the targets that it can install are ${names}.`, 2);
}
