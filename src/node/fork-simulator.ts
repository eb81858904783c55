import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Refusal } from './refusal.ts';

export interface SimulatorOptions {
  readonly broker: string;
  readonly root: string;
  readonly devices: number;
  readonly rate?: number;
  readonly seed?: number;
  /** File with the devices' credentials. */
  readonly credentials: string;
  readonly report: (line: string) => void;
}

export interface Simulator {
  /** Settles when every device has connected; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Lets the devices say goodbye; ends them after two seconds. */
  stop(): Promise<void>;
}

const STOP_MS = 2_000;

/** Runs the fleet in a process of its own, which ends with this one: its channel closes even on kill -9. */
export function forkSimulator(options: SimulatorOptions): Simulator {
  const { broker, root, devices, rate, seed, credentials, report } = options;
  const args = [
    '--broker',
    broker,
    '--root',
    root,
    '--devices',
    String(devices),
    '--credentials',
    credentials,
  ];
  if (rate !== undefined) args.push('--rate', String(rate));
  if (seed !== undefined) args.push('--seed', String(seed));
  const child = fork(fileURLToPath(new URL('./simulate.ts', import.meta.url)), args, {
    execArgv: ['--import', 'tsx'],
    // Standard output belongs to the greeting.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const ended = once(child, 'exit');
  let phase: 'starting' | 'up' | 'stopping' = 'starting';

  const ready = new Promise<void>((done, fail) => {
    child.on('message', (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('type' in message)) return;
      if (message.type !== 'ready' || phase !== 'starting') return;
      phase = 'up';
      done();
    });
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      if (phase === 'starting') fail(new Refusal(`The simulated fleet ended before it was up (${how}).`));
      else if (phase === 'up') report(`The simulated fleet ended (${how}); the broker and the page go on.`);
    });
  });

  return {
    ready,
    async stop() {
      phase = 'stopping';
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
