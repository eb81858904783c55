import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policy } from '../src/model/policy.ts';
import { credentialsOf } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { newPassword, passwordLine } from './mosquitto-password.ts';
import { giveToMosquitto } from './mosquitto-user.ts';
import type { TargetOptions } from './target.ts';
import { target } from './targets/mosquitto.ts';
import { UserError, sentence } from './user-error.ts';
import { writePrivately } from './write-privately.ts';

/**
 * Writes Mosquitto's whole configuration into `folder`: the target's files, `passwd` with a hash for each principal, the
 * folder for its state, and `credentials.json` with the passwords made now. Run again it keeps the passwords that are in
 * `passwd`, makes those that are missing, and drops those of principals that are gone.
 * @returns the lines to tell the person.
 */
export async function installMosquitto(
  policy: Policy,
  folder: string,
  options: TargetOptions,
): Promise<readonly string[]> {
  try {
    await mkdir(folder, { recursive: true });
    await refuseForeignFile(join(folder, 'mosquitto.conf'));
    const kept = await hashesIn(join(folder, 'passwd'));
    const passwords = new Map<string, string>();
    const lines = policy.principals.map(({ username }) => {
      const line = kept.get(username);
      if (line !== undefined) return line;
      const password = newPassword();
      passwords.set(username, password);
      return passwordLine(username, password);
    });

    const readByBroker = [join(folder, 'passwd')];
    // The plain passwords are on disk before their hashes are: a crash in between locks nobody out.
    await addCredentials(join(folder, 'credentials.json'), policy, credentialsOf(policy, passwords));
    await writePrivately(join(folder, 'passwd'), `${lines.join('\n')}\n`);
    for (const { path, text, mode } of target.compile(policy, options)) {
      if (mode === undefined) await writeFile(join(folder, path), text);
      else {
        await writePrivately(join(folder, path), text, mode);
        readByBroker.push(join(folder, path));
      }
    }
    if (options.data !== undefined) {
      await mkdir(options.data, { recursive: true, mode: 0o700 });
      readByBroker.push(options.data);
    }
    const owner = await giveToMosquitto(readByBroker);
    return [
      `Wrote ${folder}: ${lines.length} sign-ins, ${passwords.size} of them new.`,
      ...(passwords.size > 0
        ? [
            `Their passwords are in ${join(folder, 'credentials.json')}: hand them out, then delete that file.`,
          ]
        : []),
      ...(owner === undefined ? [] : [`passwd, acl and the data folder belong to the user ${owner}.`]),
      `Start it with: mosquitto -c ${join(folder, 'mosquitto.conf')}`,
    ];
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError(`${folder} cannot be written: ${sentence(error)}.`);
  }
}

/** An error of the file system (`ENOENT`, `EACCES`, …), as against a mistake of ours. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Debian's own mosquitto.conf, or somebody's work, is not ours to overwrite. */
async function refuseForeignFile(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || text.startsWith('# Generated from roles.yaml')) return;
  throw new UserError(
    `${path} was not written by this command: move it away first, or choose another --out.`,
  );
}

async function hashesIn(path: string): Promise<ReadonlyMap<string, string>> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  const lines = exists ? (await readFile(path, 'utf8')).split('\n').filter((line) => line.includes(':')) : [];
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line]));
}

/** Adds what was made now to what has not been handed out yet; drops who is gone. */
async function addCredentials(path: string, policy: Policy, made: Credentials): Promise<void> {
  const waiting = await waitingPasswords(path);
  const all = new Map(waiting);
  for (const { username, password } of [...Object.values(made.users), ...Object.values(made.devices)]) {
    all.set(username, password);
  }
  const credentials = credentialsOf(policy, all);
  if (waiting.size === 0 && all.size === 0) return;
  await writePrivately(path, `${JSON.stringify(credentials, null, 2)}\n`);
}

async function waitingPasswords(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  try {
    const { users, devices } = JSON.parse(text) as Credentials;
    const all = [...Object.values(users), ...Object.values(devices)];
    return new Map(all.map(({ username, password }) => [username, password]));
  } catch {
    throw new UserError(`${path} is not what this command wrote: move it away first.`);
  }
}
