import { join, resolve } from 'node:path';
import { isIP } from 'node:net';
import { deviceIds } from '../device-ids.ts';
import { installableTarget } from '../installable-target.ts';
import { shellText } from '../installed/command-line.ts';
import { readRecord } from '../installed/record.ts';
import type { InstalledRecord } from '../installed/record.ts';
import { reinstall } from '../installed/reinstall.ts';
import type { Installed } from '../installed/reinstall.ts';
import { ROLES_FILE } from '../load-policy.ts';
import type { TargetOptions } from '../target.ts';
import { UserError } from '../user-error.ts';

/** The flags of `install`, as they were typed. */
export interface InstallFlags {
  readonly target?: string;
  readonly out?: string;
  readonly data?: string;
  readonly roles?: string;
  readonly devices?: string;
  readonly host?: string;
  readonly port?: string;
  readonly 'ws-port'?: string;
  /** Adds a sign-in that sees everything, to prove the others by. */
  readonly witness?: boolean;
}

/** Writes a broker's configuration with passwords, ready to run; gives the lines to tell the person. */
export async function install(flags: InstallFlags): Promise<readonly string[]> {
  const target = await installableTarget('install', flags.target);
  if (!flags.out) throw new UserError('install needs --out DIR, the folder to write to.', 2);
  const directory = resolve(flags.out);
  const options: TargetOptions = {
    directory,
    data: flags.data === undefined ? join(directory, 'data') : resolve(flags.data),
    host: address(flags.host),
    port: port('--port', flags.port),
    wsPort: port('--ws-port', flags['ws-port']),
  };
  const devices = flags.devices === undefined ? [] : await deviceIds(flags.devices);
  const roles = resolve(flags.roles ?? ROLES_FILE);
  const record = {
    version: 1,
    target: target.name,
    roles,
    devices,
    witness: flags.witness ?? false,
    options,
  } as const;
  const before = await readRecord(directory).catch(() => undefined);
  const installed = await reinstall(directory, record);
  return [...installed.lines, ...nextLines(installed, before)];
}

/** How the broker comes to what was written: where it may run already, by reading it again, unless it has to listen elsewhere. */
function nextLines({ target, record }: Installed, before: InstalledRecord | undefined): readonly string[] {
  const { installation } = target;
  const start = `Start it with: ${installation.start(record.options)}`;
  if (before?.target !== record.target) return [start];
  if (JSON.stringify(before.options) !== JSON.stringify(record.options)) {
    return [start, 'What was said of addresses, ports or folders has changed: a reload is not enough.'];
  }
  const reload = installation.commands(record.options).reload.map((words) => `  ${shellText(words)}`);
  return [start, 'Or, where it runs already:', ...reload];
}

function address(value: string | undefined): string | undefined {
  if (value === undefined || isIP(value) !== 0) return value;
  throw new UserError(
    `--host must be an IP address, not "${value}": with a name Mosquitto silently opens nothing.`,
    2,
  );
}

function port(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 65_535) return number;
  throw new UserError(`${flag} must be a port from 1 to 65535, not "${value}".`, 2);
}
