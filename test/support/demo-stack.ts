import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Greeting } from '../../src/node/greeting.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

export interface DemoStackOptions {
  /** 24 when not given, as at `npm start`; 0 starts no fleet. */
  readonly devices?: number;
  readonly rate?: number;
  readonly seed?: number;
  readonly host?: string;
  /** A data folder to keep; otherwise a temporary one that goes with `stop()`. */
  readonly data?: string;
  /** `false` serves a stand-in instead of building the page: for tests of the broker alone. */
  readonly page?: boolean;
  /** Made here, or the two files. */
  readonly tls?: true | readonly [cert: string, key: string];
}

/** A running `npm start --json`. Its ports stay the same over restarts. */
export interface DemoStack extends Greeting {
  readonly data: string;
  /** Ctrl-C; answers with the exit code. Removes the data folder if it is a temporary one. */
  stop(): Promise<number | null>;
  /** kill -9 of the process, nothing else; the data folder stays. */
  kill(): Promise<void>;
  /** Starts again on the same ports and folder, after `kill()` or in place of what runs. */
  restart(): Promise<void>;
  /** Everything printed on standard error so far. */
  log(): string;
  /** Everything printed on standard output so far. */
  output(): string;
}

function runStart(args: readonly string[], timeout?: number): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(project, 'src/node/start.ts'), ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
  });
}

/** Runs start to its end, for command lines that it refuses. */
export async function runStartToEnd(
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = runStart(args, 20_000);
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** The ids of living processes whose command line holds `text`, such as a data folder. Linux. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Starts the real thing on free loopback ports and waits until everything is up. */
export async function startDemo(options: DemoStackOptions = {}): Promise<DemoStack> {
  const scratch = mkdtempSync(join(tmpdir(), 'telltale-demo-'));
  const data = options.data ?? join(scratch, 'data');
  const args = ['--json', '--data', data];
  for (const flag of ['devices', 'rate', 'seed', 'host'] as const) {
    if (options[flag] !== undefined) args.push(`--${flag}`, String(options[flag]));
  }
  if (options.page === false) {
    writeFileSync(join(scratch, 'index.html'), '<!doctype html><title>Stand-in</title>');
    args.push('--dist', scratch);
  }
  if (options.tls) args.push('--tls', ...(options.tls === true ? [] : options.tls));

  let log = '';
  let output = '';
  let child: ChildProcess;

  async function start(port: string, mqttPort: string): Promise<Greeting> {
    child = runStart([...args, '--port', port, '--mqtt-port', mqttPort]);
    const { stdout, stderr } = child;
    let printed = '';
    return new Promise((done, fail) => {
      stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
      stdout?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        printed += text;
        if (printed.includes('\n')) done(JSON.parse(printed.slice(0, printed.indexOf('\n'))) as Greeting);
      });
      child.once('close', (code) => fail(new Error(`start ended with ${code}:\n${log}`)));
    });
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
    }
    return child.exitCode;
  }

  const removeScratch = () => rmSync(scratch, { recursive: true, force: true });
  const greeting = await start('0', '0').catch((error: unknown) => {
    removeScratch();
    throw error;
  });
  const ports = [new URL(greeting.url).port, new URL(greeting.mqtt).port] as const;
  const stack = {
    ...greeting,
    data,
    log: () => log,
    output: () => output,
    async stop() {
      const code = await end('SIGINT');
      removeScratch();
      return code;
    },
    async kill() {
      await end('SIGKILL');
    },
    async restart() {
      await end('SIGINT');
      // Only the pid is new: ports, passwords and ids are those of the folder.
      stack.pid = (await start(...ports)).pid;
    },
  };
  return stack;
}
