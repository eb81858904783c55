import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CommandLine } from '../target.ts';
import { UserError } from '../user-error.ts';

const run = promisify(execFile);

/** A command line as a shell reads it. */
export function shellText(words: CommandLine): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/**
 * Runs the command lines on this machine, one after the other.
 * @throws UserError with what failed, why, and what is left to run.
 */
export async function runHere(commands: readonly CommandLine[]): Promise<readonly string[]> {
  const done: string[] = [];
  for (const [i, words] of commands.entries()) {
    const [program = '', ...args] = words;
    try {
      await run(program, args);
    } catch (error) {
      const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
      const why =
        code === 'ENOENT' ? `there is no ${program} here` : stderr.trim().split('\n').at(-1) || message;
      const left = commands.slice(i).map((one) => `  ${shellText(one)}`);
      throw new UserError(
        [
          `The files are written, but "${shellText(words)}" failed: ${why}.`,
          "Run on the broker's machine:",
          ...left,
        ].join('\n'),
      );
    }
    done.push(`Ran: ${shellText(words)}`);
  }
  return done;
}
