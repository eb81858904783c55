import { join } from 'node:path';
import { installableTarget } from '../installable-target.ts';
import { ROLES_FILE } from '../load-policy.ts';
import { shellText } from './command-line.ts';
import type { InstalledRecord } from './record.ts';

/** The command line that writes `folder` as its record says, with or without the witness. */
export function installLine(
  folder: string,
  { target, roles, devices, options }: InstalledRecord,
  witness: boolean,
): string {
  const { directory = folder, data, host, port, wsPort } = options;
  const words = [
    ...['--target', target, '--out', directory],
    ...(data === undefined || data === join(directory, 'data') ? [] : ['--data', data]),
    ...(roles === ROLES_FILE ? [] : ['--roles', roles]),
    ...(devices.length === 0 ? [] : ['--devices', devices.join(',')]),
    ...(host === undefined ? [] : ['--host', host]),
    ...(port === undefined ? [] : ['--port', `${port}`]),
    ...(wsPort === undefined ? [] : ['--ws-port', `${wsPort}`]),
    ...(witness ? ['--witness'] : []),
  ];
  return `npm run broker-config -- install ${shellText(words)}`;
}

/** What to run, line by line, so that a broker has a witness whose password is at hand. */
export async function witnessLines(folder: string, record: InstalledRecord): Promise<readonly string[]> {
  const { installation } = await installableTarget('install', record.target);
  return [
    // A password that was made before is kept as a hash alone: only without the witness is it forgotten.
    ...(record.witness ? [installLine(folder, record, false)] : []),
    installLine(folder, record, true),
    ...installation.commands(record.options).reload.map(shellText),
  ];
}
