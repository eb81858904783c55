import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '../../broker-config/credentials.ts';
import { installTarget } from '../../broker-config/install-target.ts';
import { target as mosquitto } from '../../broker-config/targets/mosquitto.ts';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import type { Policy } from '../../src/model/policy.ts';
import { freePorts } from './free-port.ts';

export interface MosquittoOptions {
  /** Ids of devices beside those of the roles file. */
  readonly devices?: readonly string[];
  /** Another policy than the repository's own; `devices` is not added to it. */
  readonly policy?: Policy;
  /** Retained state and sessions survive `restart` and `down`; true unless it is said otherwise. */
  readonly persistence?: boolean;
}

/** A real Mosquitto with the generated configuration, in its own folder, on free loopback ports. */
export interface RunningMosquitto {
  /** `mqtt://127.0.0.1:…`: a client id is the username here. */
  readonly mqtt: string;
  /** `ws://127.0.0.1:…/mqtt`: for the page, and for people in tests. */
  readonly ws: string;
  readonly policy: Policy;
  readonly credentials: Credentials;
  /** The folder with its configuration. */
  readonly folder: string;
  /** Everything that it has logged since it first started. */
  log(): string;
  /** How often it has started, by its own log. */
  starts(): number;
  /** Of its process, while it runs. */
  pid(): number;
  /** Sends SIGHUP and resolves when it says that it has read its configuration again. */
  reload(): Promise<void>;
  /** Ends it (SIGTERM unless it is said otherwise) and leaves its folder and ports for `up`. */
  down(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same ports; resolves when it accepts connections. */
  up(): Promise<void>;
  /** `down` and `up`. */
  restart(): Promise<void>;
  /** Ends it for good and removes its folder. */
  stop(): Promise<void>;
}

/** `/usr/sbin` is not in everybody's PATH. */
const BINARY = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(
  existsSync,
);

/** @throws Error when mosquitto is not installed or does not start; its log is in the message. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<RunningMosquitto> {
  if (!BINARY) throw new Error('Mosquitto is not installed; on Debian: apt-get install mosquitto');
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(BINARY, options);
    } catch (error) {
      // Mosquitto cannot choose a port itself, so another process may take one between our looking and its binding.
      const portWasTaken = /Address already in use|Unable to create websockets listener/.test(String(error));
      if (!portWasTaken || attempt === 3) throw error;
    }
  }
}

async function startOnFreePorts(binary: string, options: MosquittoOptions): Promise<RunningMosquitto> {
  const policy = options.policy ?? (await loadPolicy({ devices: options.devices }));
  const folder = await mkdtemp(join(tmpdir(), 'telltale-mosquitto-'));
  // Started by root it drops to its own user, who must be able to come in.
  await chmod(folder, 0o755);
  const [port = 0, wsPort = 0] = await freePorts(2);
  await installTarget(mosquitto, policy, folder, {
    directory: folder,
    data: join(folder, 'data'),
    host: '127.0.0.1',
    port,
    wsPort,
  });
  const credentials = JSON.parse(await readFile(join(folder, 'credentials.json'), 'utf8')) as Credentials;

  const broker = new MosquittoProcess(binary, join(folder, 'mosquitto.conf'));
  const forgetState = () => {
    if (options.persistence === false) rmSync(join(folder, 'data', 'mosquitto.db'), { force: true });
  };
  const up = () => {
    forgetState();
    return broker.up();
  };
  const stop = async () => {
    await broker.down('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  await up().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    mqtt: `mqtt://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${wsPort}/mqtt`,
    policy,
    credentials,
    folder,
    log: () => broker.log,
    starts: () => broker.log.match(/mosquitto version \S+ starting/g)?.length ?? 0,
    pid: () => broker.pid,
    reload: () => broker.reload(),
    down: (signal = 'SIGTERM') => broker.down(signal),
    up,
    restart: async () => {
      await broker.down('SIGTERM');
      await up();
    },
    stop,
  };
}

class MosquittoProcess {
  log = '';
  readonly #binary: string;
  readonly #conf: string;
  #child: ChildProcess | undefined;
  readonly #endWithUs = () => this.#child?.kill('SIGKILL');

  constructor(binary: string, conf: string) {
    this.#binary = binary;
    this.#conf = conf;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('This Mosquitto is not running.');
    return pid;
  }

  up(): Promise<void> {
    if (this.#child) throw new Error('This Mosquitto is running already.');
    const child = spawn(this.#binary, ['-c', this.#conf], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    process.once('exit', this.#endWithUs);
    child.stdout.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    return this.#says(/mosquitto version \S+ running/);
  }

  async reload(): Promise<void> {
    const said = this.#says(/Reloading config/);
    this.#child?.kill('SIGHUP');
    await said;
  }

  async down(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off('exit', this.#endWithUs);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Resolves when the log says it from now on; rejects when the process ends first. */
  #says(pattern: RegExp): Promise<void> {
    const child = this.#child;
    if (!child) throw new Error('This Mosquitto is not running.');
    const from = this.log.length;
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        child.stderr?.off('data', look);
        child.stdout?.off('data', look);
        child.off('exit', ended);
        outcome();
      };
      const look = () => {
        if (pattern.test(this.log.slice(from))) settle(resolve);
      };
      const ended = () => settle(() => reject(new Error(`Mosquitto ended:\n${this.log.slice(from)}`)));
      child.stderr?.on('data', look);
      child.stdout?.on('data', look);
      child.once('exit', ended);
    });
  }
}
