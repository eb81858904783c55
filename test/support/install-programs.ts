import { existsSync } from 'node:fs';
import { run } from './run.ts';

const PLACES = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
];

/** Where a program is, or `undefined`. */
export function findProgram(name: string): string | undefined {
  return [...(process.env['PATH'] ?? '').split(':'), ...PLACES]
    .map((place) => `${place}/${name}`)
    .find(existsSync);
}

/** @throws Error that says what to install. */
export function neededProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed; on Debian: apt-get install ${name}`);
  return path;
}

/**
 * Sees to it that the programs which the tests drive are there: installs what is missing on Debian as root, and
 * elsewhere ends with one line that says what to install. Each is a Debian package and a program of the same name.
 */
export async function installPrograms(names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => !findProgram(name));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && findProgram('apt-get')) {
    console.log(`Installing ${missing.join(', ')} by apt.`);
    const apt = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], apt);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], apt);
  }
  const still = names.filter((name) => !findProgram(name));
  if (still.length === 0) return;
  console.error(
    `These tests drive ${still.join(' and ')}. Install ${still.length > 1 ? 'them' : 'it'} and run npm test again.`,
  );
  process.exit(1);
}
