import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policy } from '../src/model/policy.ts';
import { credentialsOf, passwordsIn } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { hashPassword } from './hash-password.ts';
import { newPassword } from './mosquitto-password.ts';
import { giveToSystemUser } from './system-user.ts';
import type { GeneratedFile, Installation, Target, TargetOptions } from './target.ts';
import { UserError, sentence } from './user-error.ts';
import { writePrivately } from './write-privately.ts';

/** A target that passwords can be made for. */
export type InstallableTarget = Target & { readonly installation: Installation };

/**
 * Writes a broker's whole configuration into `folder`: the target's files with a hash for each principal, `passwd` with
 * the same hashes to keep them by, the folder for its state, and `credentials.json` with the passwords made now. Run again
 * it keeps the passwords that are in `passwd`, makes those that are missing, and drops those of principals that are gone.
 * @param renew usernames whose password is made anew
 * @returns the lines to tell the person.
 */
export async function installTarget(
  target: InstallableTarget,
  policy: Policy,
  folder: string,
  options: TargetOptions,
  renew: readonly string[] = [],
): Promise<readonly string[]> {
  const { installation } = target;
  try {
    await mkdir(folder, { recursive: true });
    const files = target.compile(policy, options);
    await refuseForeignFiles(folder, files);
    const kept = await hashesIn(join(folder, 'passwd'));
    const passwords = new Map<string, string>();
    const hashes = new Map<string, string>();
    for (const username of [...policy.principals.map((one) => one.username), ...(installation.extra ?? [])]) {
      const known = renew.includes(username) ? undefined : kept.get(username);
      const password = newPassword();
      if (known === undefined) passwords.set(username, password);
      hashes.set(username, known ?? hashPassword(installation.hash, password));
    }
    for (const name of installation.servers ?? []) hashes.set(name, kept.get(name) ?? newPassword());
    // The plain passwords are on disk before their hashes are: a crash in between locks nobody out.
    const all = withExtra(policy, installation.extra ?? []);
    await addCredentials(join(folder, 'credentials.json'), all, credentialsOf(all, passwords));
    const secret = [passwd(hashes), ...installation.secretFiles(policy, hashes, options)];
    const replaced = new Set(secret.map(({ path }) => path));
    const readByBroker: string[] = [];
    for (const file of [...secret, ...files.filter(({ path }) => !replaced.has(path))]) {
      await mkdir(join(folder, file.path, '..'), { recursive: true });
      if (file.mode === undefined) await writeFile(join(folder, file.path), file.text);
      else {
        await writePrivately(join(folder, file.path), file.text, file.mode);
        readByBroker.push(join(folder, file.path));
      }
    }
    if (options.data !== undefined) {
      await mkdir(options.data, { recursive: true, mode: 0o700 });
      readByBroker.push(options.data);
      const seed = secret.find(({ path }) => path === installation.seed);
      if (seed) readByBroker.push(await seedData(options.data, seed));
    }
    const given = await giveToSystemUser(installation.user, readByBroker);
    return [
      `Wrote ${folder}: ${all.principals.length} sign-ins, ${passwords.size} of them new.`,
      ...(passwords.size > 0
        ? [
            `Their passwords are in ${join(folder, 'credentials.json')}: hand them out, then delete that file.`,
          ]
        : []),
      ...(given ? [`Everything secret and the data folder belong to the user ${installation.user}.`] : []),
    ];
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError(`${folder} cannot be written: ${sentence(error)}.`);
  }
}

/** `name:hash`, a line each: Mosquitto's own form, and for the other brokers where we keep the hashes by. */
function passwd(hashes: ReadonlyMap<string, string>): GeneratedFile {
  const lines = [...hashes].map(([username, hash]) => `${username}:${hash}\n`);
  return { path: 'passwd', text: lines.join(''), mode: 0o600 };
}

function withExtra(policy: Policy, extra: readonly string[]): Policy {
  const more = extra.map((username) => ({
    username,
    role: username,
    subscribe: [],
    publish: [],
    clearRetained: false,
  }));
  return { ...policy, principals: [...policy.principals, ...more] };
}

/** What the broker writes itself from then on is made once, and left alone afterwards. */
async function seedData(data: string, { path, text }: GeneratedFile): Promise<string> {
  const live = join(data, path);
  const exists = await access(live).then(
    () => true,
    () => false,
  );
  if (!exists) await writePrivately(live, text);
  return live;
}

/** An error of the file system (`ENOENT`, `EACCES`, …), as against a mistake of ours. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Debian's own mosquitto.conf, or somebody's work, is not ours to overwrite. */
async function refuseForeignFiles(folder: string, files: readonly GeneratedFile[]): Promise<void> {
  for (const { path } of files.filter((file) => file.path.endsWith('.conf'))) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (text === undefined || text.startsWith('# Generated from roles.yaml')) continue;
    throw new UserError(
      `${join(folder, path)} was not written by this command: move it away first, or choose another --out.`,
    );
  }
}

async function hashesIn(path: string): Promise<ReadonlyMap<string, string>> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  const lines = exists ? (await readFile(path, 'utf8')).split('\n').filter((line) => line.includes(':')) : [];
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** Adds what was made now to what has not been handed out yet; drops who is gone. */
async function addCredentials(path: string, policy: Policy, made: Credentials): Promise<void> {
  const waiting = await passwordsIn(path);
  const all = new Map(waiting);
  for (const { username, password } of [...Object.values(made.users), ...Object.values(made.devices)]) {
    all.set(username, password);
  }
  const credentials = credentialsOf(policy, all);
  if (waiting.size === 0 && all.size === 0) return;
  await writePrivately(path, `${JSON.stringify(credentials, null, 2)}\n`);
}
