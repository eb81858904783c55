import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemo } from './start-demo.ts';
import type { Closers } from './start-demo.ts';
import { USAGE, parseFlags } from './flags.ts';
import { Refusal } from './refusal.ts';

/** Longer than the devices take to say goodbye, shorter than a person waits. */
const STOP_MS = 2_800;

const project = fileURLToPath(new URL('../..', import.meta.url));
const closers: Closers = [];
const giveUp = new AbortController();
let ending = false;

/** npm hands a signal to the shell between it and us, which dies of SIGTERM without handing it on. */
function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || void end(0), 500).unref();
}

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/** Undoes what was begun, last first, and ends the process. */
async function end(exitCode: number): Promise<void> {
  if (ending) return;
  ending = true;
  giveUp.abort();
  setTimeout(() => process.exit(exitCode), STOP_MS).unref();
  for (const close of closers.reverse()) {
    try {
      await close();
    } catch (error) {
      report(`While stopping: ${String(error)}`);
    }
  }
  process.exit(exitCode);
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2), join(project, '.telltale'));
  if (flags.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  // A closed terminal, Ctrl-C and a service manager all mean the same.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
  endWithNpm();
  const demo = await startDemo(flags, { project, report, signal: giveUp.signal }, closers);
  if (!ending) process.stdout.write(flags.json ? `${JSON.stringify(demo.greeting)}\n` : `\n${demo.text}`);
}

main().catch((error: unknown) => {
  if (ending) return;
  if (error instanceof Refusal) report(error.message);
  else console.error(error);
  void end(error instanceof Refusal ? error.exitCode : 1);
});
