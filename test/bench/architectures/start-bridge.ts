import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processCpu } from '../process-cpu.ts';
import type { BridgeArguments } from './bridge-process.ts';

/** A bridge in its own process. Its port stays the same over restarts. */
export interface RunningBridge {
  readonly port: number;
  /** Seconds of CPU that it has used. */
  cpu(): number;
  /** Kills it and starts it again at once. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBridge(
  kind: 'ws-bridge' | 'sse-endpoint',
  options: Omit<BridgeArguments, 'port'>,
): Promise<RunningBridge> {
  const path = fileURLToPath(new URL(`./${kind}.ts`, import.meta.url));
  const start = async (port: number): Promise<{ child: ChildProcess; port: number }> => {
    const child = fork(path, [JSON.stringify({ ...options, port })], { execArgv: ['--import', 'tsx'] });
    const [ready] = (await once(child, 'message')) as [{ port: number }];
    return { child, port: ready.port };
  };
  const stop = async () => {
    const ended = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await ended;
  };
  let running = await start(0);
  process.once('exit', () => running.child.kill('SIGKILL'));
  return {
    port: running.port,
    cpu: () => processCpu(running.child.pid ?? 0),
    restart: async () => {
      await stop();
      running = await start(running.port);
    },
    stop,
  };
}
