import { dirname, resolve } from 'node:path';
import { shellText } from '../installed/command-line.ts';
import { witnessLines } from '../installed/install-again.ts';
import { readRecord } from '../installed/record.ts';

/** What to do about credentials without a witness: the lines to run, where `install` has left beside them how it was run. */
export async function witnessAdvice(credentials: string): Promise<string> {
  const sentence = `There is no witness in ${credentials}: install once more with --witness, and without it when you are done.`;
  const { folder, record } = await installedBeside(credentials);
  if (record === undefined) return `${sentence} Have the broker read its files again each time.`;
  const lines = await witnessLines(folder, record);
  return [sentence, "Now, on the broker's machine:", ...lines.map((line) => `  ${line}`)].join('\n');
}

/** What to do about credentials without anybody of the policy. */
export async function nobodyAdvice(credentials: string): Promise<string> {
  const { folder, record } = await installedBeside(credentials);
  const installed = record === undefined ? 'DIR' : shellText([folder]);
  return [
    `${credentials} has a password of nobody in the policy: nothing can be tried. Give somebody a new one:`,
    `  npm run broker-config -- rotate NAME --installed ${installed}`,
    'Or write one that you know into the file, under "users": "NAME": { "username": "NAME", "password": "…" }',
  ].join('\n');
}

/** The folder that the credentials lie in, and how it was installed, where `install` wrote it. */
async function installedBeside(credentials: string) {
  const folder = dirname(resolve(credentials));
  const record = await readRecord(folder).catch(() => undefined);
  return { folder, record };
}
