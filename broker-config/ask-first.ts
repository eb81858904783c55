import { createInterface } from 'node:readline/promises';
import { UserError } from './user-error.ts';

/**
 * Asks at the terminal before something is done; `yes` is the answer that a script gave beforehand.
 * @throws UserError when the answer is no, and when there is nobody to ask.
 */
export async function askFirst(plan: readonly string[], yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError(
      [...plan, 'Nothing was done: there is nobody to ask. Add --yes to go on.'].join('\n'),
      2,
    );
  }
  for (const line of plan) console.log(line);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question('Go on? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was done.');
  } finally {
    terminal.close();
  }
}
