import type { Change, CommandLine } from '../target.ts';
import { UserError } from '../user-error.ts';
import { deviceAddress } from './admin-lines.ts';
import { runHere, shellText } from './command-line.ts';
import type { Installed } from './reinstall.ts';
import { sayControl } from './say-control.ts';

/** How a change reaches the broker, as it was typed. */
export interface BringFlags {
  /** Do it now, on this machine, instead of saying what to run. */
  readonly apply?: boolean;
  /** In place of the target's own way to have a broker read its files again: where it runs in a container, say. */
  readonly reload?: string;
}

/** Has a running broker follow one change of its folder, or says what to run for that; gives the lines to tell the person. */
export async function bringToBroker(
  installed: Installed,
  change: Omit<Change, 'password'>,
  flags: BringFlags,
): Promise<readonly string[]> {
  const { target, policy } = installed;
  const { control } = target.installation;
  if (control && flags.apply && flags.reload === undefined) {
    const password = await controlPassword(installed, control.username);
    const made = await installed.password(change.username);
    const messages = control.messages(policy, { ...change, ...(made !== undefined && { password: made }) });
    await sayControl(
      deviceAddress(installed.record.options),
      { username: control.username, password },
      messages,
    );
    return [`Told the running broker, without a restart.`];
  }
  const commands = commandsFor(installed, change, flags.reload);
  if (flags.apply) return runHere(commands);
  const live = control
    ? [
        `A restart ends every connection. Without one: the same again with --apply, on a machine that reaches ${deviceAddress(installed.record.options)}.`,
      ]
    : [];
  return ["Now, on the broker's machine:", ...commands.map((words) => `  ${shellText(words)}`), ...live];
}

function commandsFor(
  { target, record }: Installed,
  { kind, username }: Omit<Change, 'password'>,
  reload: string | undefined,
): readonly CommandLine[] {
  const commands = target.installation.commands(record.options);
  return [
    ...(kind === 'add' ? [] : commands.drop(username)),
    ...(reload === undefined ? commands.reload : [['sh', '-c', reload]]),
  ];
}

async function controlPassword(installed: Installed, username: string): Promise<string> {
  const password = process.env['TELLTALE_CONTROL_PASSWORD'] ?? (await installed.password(username));
  if (password !== undefined) return password;
  throw new UserError(
    `The files are written. --apply needs the password of ${username}, which is no longer in ${installed.folder}/credentials.json: give it in the variable TELLTALE_CONTROL_PASSWORD.`,
  );
}
