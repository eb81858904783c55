import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { CdpConnection } from './cdp-connection.ts';
import { traceMainThread, type TracedTask } from './trace-main-thread.ts';
import { findProgram } from '../support/install-programs.ts';

/** What a page or one of its workers holds after a forced collection, bytes. */
export interface Heap {
  /** Objects. */
  readonly used: number;
  /** What typed arrays and strings keep beside them. */
  readonly backing: number;
}

/** A tab. */
export interface Tab {
  /** Runs an expression in the page, waits for its promise, and answers with its value as JSON. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** The same in the page's first worker. */
  inWorker<Value>(expression: string): Promise<Value>;
  /** Collects garbage in the page and in its first worker, and answers with what is left. */
  heaps(): Promise<{ readonly page: Heap; readonly worker: Heap }>;
  close(): Promise<void>;
}

/** Chromium with a profile on disk, driven by the Target and Runtime domains, and Tracing where a figure needs it. */
export interface Chromium {
  readonly pid: number;
  /** The folder of the profile. */
  readonly profile: string;
  open(url: string): Promise<Tab>;
  /** Records for so long what the main threads of all pages do. */
  traceTasks(ms: number): Promise<readonly TracedTask[]>;
  /** Ends the process and leaves the profile. */
  end(): Promise<void>;
  /** The same as a crash does it: SIGKILL, and nothing is written any more. */
  kill(): Promise<void>;
  /** `end`, and the profile goes too. */
  remove(): Promise<void>;
}

const FLAGS = [
  '--headless=new',
  '--remote-debugging-port=0',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-dev-shm-usage',
  'about:blank',
];
const START_MS = 30_000;

/**
 * Starts Chromium. Not through Playwright: whatever enables the `Network` domain has every WebSocket frame copied to it,
 * which halves what a page can receive. Not in a context of its own either: there IndexedDB is kept in memory.
 * @param profile an existing profile to come back to @param height of the window, px
 */
export async function startChromium(
  profile = mkdtempSync(join(tmpdir(), 'telltale-bench-')),
  height = 800,
): Promise<Chromium> {
  const program = findProgram('chromium');
  if (program === undefined)
    throw new Error('Chromium is not installed; on Debian: apt-get install chromium');
  const portFile = join(profile, 'DevToolsActivePort');
  rmSync(portFile, { force: true });
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    program,
    [`--user-data-dir=${profile}`, ...sandbox, `--window-size=1280,${height}`, ...FLAGS],
    { stdio: 'ignore' },
  );
  const pid = child.pid ?? 0;
  const kill = () => child.kill('SIGKILL');
  const endWithUs = () => {
    kill();
    rmSync(profile, { recursive: true, force: true });
  };
  process.once('exit', endWithUs);

  const connection = await connect(portFile, () => child.exitCode !== null);
  const end = async () => {
    process.off('exit', endWithUs);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // A browser that is asked to close writes what it holds; one that is killed does not.
    connection.send('Browser.close', {}).catch(kill);
    await Promise.race([ended, delay(10_000).then(kill)]);
  };
  return {
    pid,
    profile,
    open: (url) => openTab(connection, url),
    traceTasks: (ms) => traceMainThread(connection, ms),
    end,
    kill: async () => {
      process.off('exit', endWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
    remove: async () => {
      await end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function connect(portFile: string, ended: () => boolean): Promise<CdpConnection> {
  const patience = Date.now() + START_MS;
  for (;;) {
    const [port, path] = existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n') : [];
    if (port && path) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false });
      await once(socket, 'open');
      return new CdpConnection(socket);
    }
    if (ended() || Date.now() > patience) throw new Error('Chromium did not start.');
    await delay(50);
  }
}

interface Evaluated<Value> {
  readonly result: { readonly value: Value };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

async function openTab(connection: CdpConnection, url: string): Promise<Tab> {
  const { targetId } = await connection.send<{ targetId: string }>('Target.createTarget', { url });
  const { sessionId } = await connection.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  let attached: string | undefined;
  const worker = async () => (attached ??= await attachToWorker(connection, sessionId));
  return {
    heaps: async () => ({
      page: await collected(connection, sessionId),
      worker: await collected(connection, await worker()),
    }),
    evaluate: (expression) => evaluateIn(connection, sessionId, expression),
    inWorker: async (expression) => evaluateIn(connection, await worker(), expression),
    close: async () => void (await connection.send('Target.closeTarget', { targetId })),
  };
}

async function evaluateIn<Value>(
  connection: CdpConnection,
  sessionId: string,
  expression: string,
): Promise<Value> {
  const params = { expression, awaitPromise: true, returnByValue: true };
  const reply = await connection.send<Evaluated<Value>>('Runtime.evaluate', params, sessionId);
  const problem = reply.exceptionDetails;
  if (problem) throw new Error(problem.exception?.description ?? problem.text);
  return reply.result.value;
}

/** Those that there are answer before the call does. */
async function attachToWorker(connection: CdpConnection, page: string): Promise<string> {
  const found: string[] = [];
  connection.on<{ sessionId: string; targetInfo: { type: string } }>(
    'Target.attachedToTarget',
    ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') found.push(sessionId);
    },
  );
  await connection.send(
    'Target.setAutoAttach',
    { autoAttach: true, waitForDebuggerOnStart: false, flatten: true },
    page,
  );
  if (found[0] === undefined) throw new Error('The page has no worker.');
  return found[0];
}

async function collected(connection: CdpConnection, sessionId: string): Promise<Heap> {
  await connection.send('HeapProfiler.collectGarbage', {}, sessionId);
  const { usedSize, backingStorageSize } = await connection.send<{
    usedSize: number;
    backingStorageSize: number;
  }>('Runtime.getHeapUsage', {}, sessionId);
  return { used: usedSize, backing: backingStorageSize };
}

/** Asks the page until the expression is true. @throws Error naming `what` when it is not within `ms`. */
export async function until(tab: Tab, expression: string, what: string, ms = 20_000): Promise<void> {
  const patience = Date.now() + ms;
  while (!(await tab.evaluate<boolean>(`Boolean(${expression})`))) {
    if (Date.now() > patience) throw new Error(`${what} did not happen within ${ms / 1000} s.`);
    await delay(20);
  }
}
