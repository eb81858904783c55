import { chown, readFile } from 'node:fs/promises';

/**
 * Mosquitto started by root drops to the user `mosquitto` and reads its files again as that user at each reload. Gives
 * `paths` to it when we are root and it exists.
 * @returns the user's name when they were given away.
 */
export async function giveToMosquitto(paths: readonly string[]): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const ids = /^mosquitto:[^:]*:(\d+):(\d+):/m.exec(accounts);
  if (!ids) return undefined;
  for (const path of paths) await chown(path, Number(ids[1]), Number(ids[2]));
  return 'mosquitto';
}
