import { join } from 'node:path';
import type { Policy } from '../../src/model/policy.ts';
import { passwordsIn } from '../credentials.ts';
import { installTarget } from '../install-target.ts';
import type { InstallableTarget } from '../install-target.ts';
import { installableTarget } from '../installable-target.ts';
import { loadPolicy } from '../load-policy.ts';
import { withWitness } from '../with-witness.ts';
import { writeRecord } from './record.ts';
import type { InstalledRecord } from './record.ts';

/** A folder after an install, and what it holds. */
export interface Installed {
  readonly folder: string;
  readonly record: InstalledRecord;
  readonly target: InstallableTarget;
  readonly policy: Policy;
  /** What the installation says of itself. */
  readonly lines: readonly string[];
  /** A password that has not been taken away from `credentials.json` yet. */
  password(username: string): Promise<string | undefined>;
}

/**
 * Writes a folder from its record: what `install` does at first, and every later command after its change of the policy.
 * @param renew usernames whose password is made anew
 */
export async function reinstall(
  folder: string,
  record: InstalledRecord,
  renew: readonly string[] = [],
): Promise<Installed> {
  const target = await installableTarget('install', record.target);
  const plain = await loadPolicy({ file: record.roles, devices: record.devices });
  const policy = record.witness ? withWitness(plain) : plain;
  const lines = await installTarget(target, policy, folder, record.options, renew);
  await writeRecord(folder, record);
  return {
    folder,
    record,
    target,
    policy,
    lines,
    password: async (username) => (await passwordsIn(join(folder, 'credentials.json'))).get(username),
  };
}
