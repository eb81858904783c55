import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { answers } from '../../../broker-config/audit/answers.ts';

/** One process of a broker, ended with us. */
export class BrokerProcess {
  log = '';
  readonly #child: ChildProcess;
  readonly #endWithUs = () => this.#child.kill('SIGKILL');

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    process.once('exit', this.#endWithUs);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when something listens on every port; rejects with the log when the process ends first. */
  async listens(ports: readonly number[], ms = 30_000): Promise<void> {
    const patience = Date.now() + ms;
    for (const port of ports) {
      while (!(await answers('127.0.0.1', port))) {
        if (this.#ended || Date.now() > patience) throw new Error(`The broker did not start:\n${this.log}`);
        await delay(50);
      }
    }
  }

  /** As {@link listens}; when it rejects, `stop` has tidied up behind what did not start. */
  async listensOr(stop: () => Promise<void>, ports: readonly number[], ms?: number): Promise<void> {
    await this.listens(ports, ms).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  }

  /** Resolves when the log says it; rejects with the log when the process ends first. */
  async says(pattern: RegExp, from = 0): Promise<void> {
    while (!pattern.test(this.log.slice(from))) {
      if (this.#ended) throw new Error(`The broker ended:\n${this.log}`);
      await delay(10);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    process.off('exit', this.#endWithUs);
    if (this.#ended) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
