import { chown, readFile } from 'node:fs/promises';

/**
 * A broker started by root drops to a user of its own and reads its files again as that user at each reload. Gives `paths`
 * to it when we are root and it exists.
 * @returns whether they were given away.
 */
export async function giveToSystemUser(user: string, paths: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = accounts.split('\n').find((one) => one.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) return false;
  for (const path of paths) await chown(path, Number(uid), Number(gid));
  return true;
}
