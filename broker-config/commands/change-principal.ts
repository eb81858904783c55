import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withoutPrincipal, withPrincipal } from '../edit-roles.ts';
import { publishLines } from '../installed/admin-lines.ts';
import { bringToBroker } from '../installed/bring-to-broker.ts';
import type { BringFlags } from '../installed/bring-to-broker.ts';
import { readRecord } from '../installed/record.ts';
import type { InstalledRecord } from '../installed/record.ts';
import { reinstall } from '../installed/reinstall.ts';
import { ROLES_FILE, loadSource } from '../load-policy.ts';
import { parsePolicySource } from '../parse-policy.ts';
import type { PrincipalSource } from '../policy-source.ts';
import { refusalLine } from '../refusal.ts';
import type { Change } from '../target.ts';
import { UserError, sentence } from '../user-error.ts';

/** The flags of `add`, `rotate`, `revoke` and `decommission`, as they were typed. */
export interface ChangeFlags extends BringFlags {
  readonly roles?: string;
  /** The folder that `install` wrote. */
  readonly installed?: string;
}

/** What a change starts from: the folder where there is one, and the roles file. */
export interface Place {
  readonly folder?: string;
  readonly record?: InstalledRecord;
  readonly roles: string;
}

/** Where a command works. The roles file of an installed folder is the one that it was installed from. */
export async function placeOf(flags: ChangeFlags): Promise<Place> {
  if (flags.installed === undefined) {
    if (flags.apply || flags.reload !== undefined) {
      throw new UserError('--apply and --reload need --installed DIR, the folder that "install" wrote.', 2);
    }
    return { roles: resolve(flags.roles ?? ROLES_FILE) };
  }
  const folder = resolve(flags.installed);
  const record = await readRecord(folder);
  const roles = flags.roles === undefined ? record.roles : resolve(flags.roles);
  return { folder, record: { ...record, roles }, roles };
}

/** Writes a principal into the roles file; gives the line to tell the person. */
export async function addToRoles(roles: string, principal: PrincipalSource): Promise<string> {
  await editRoles(roles, (text) => withPrincipal(text, principal));
  return `Added ${principal.username} to ${roles}, with the role ${principal.role}.`;
}

/**
 * Takes a principal out of the roles file, or out of the devices that `install` was given beside it.
 * @throws UserError when it is in neither.
 */
export async function takeOut(
  place: Place,
  username: string,
): Promise<{ readonly place: Place; readonly line: string }> {
  const { record, roles } = place;
  if ((await loadSource(roles)).principals.some((one) => one.username === username)) {
    await editRoles(roles, (text) => withoutPrincipal(text, username));
    return { place, line: `Took ${username} out of ${roles}.` };
  }
  if (record?.devices.includes(username)) {
    const devices = record.devices.filter((one) => one !== username);
    return {
      place: { ...place, record: { ...record, devices } },
      line: `Took ${username} out of the devices of ${place.folder}.`,
    };
  }
  throw new UserError(`There is no "${username}" in ${roles}${record ? ` nor in ${place.folder}` : ''}.`);
}

/** Writes the installed folder anew and has the broker follow; without a folder says what is left to do. */
export async function follow(
  { folder, record }: Place,
  change: Omit<Change, 'password'>,
  flags: ChangeFlags,
): Promise<readonly string[]> {
  if (folder === undefined || record === undefined) {
    return ['Next: npm run broker-config, and "install" again, or this command with --installed DIR.'];
  }
  const installed = await reinstall(folder, record, change.kind === 'rotate' ? [change.username] : []);
  const told = change.kind === 'add' ? publishLines(change.username, record) : [];
  return [...installed.lines, ...(await bringToBroker(installed, change, flags)), ...told];
}

async function editRoles(file: string, edit: (text: string) => string): Promise<void> {
  const path = await realpath(file);
  const edited = edit(await readFile(path, 'utf8'));
  const parsed = parsePolicySource(edited);
  if (!parsed.ok) throw new UserError(parsed.refusals.map((one) => refusalLine(file, one)).join('\n'));
  try {
    const { mode } = await stat(path);
    await writeFile(`${path}.new`, edited, { mode });
    await rename(`${path}.new`, path);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${sentence(error)}.`);
  }
}
