import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a command ended and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command behind `npm run broker-config` with these arguments; never rejects. */
export function runBrokerConfig(...args: readonly string[]): Promise<Ran> {
  return runBrokerConfigIn(process.env, ...args);
}

/** The same in another environment. */
export function runBrokerConfigIn(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'broker-config/compile.ts', ...args],
      { cwd: ROOT, env },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
