import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Message, SignIn } from './mqtt-packets.ts';
import type { FloodWish, FromSource, PaceWish, Sent, ToSource } from './source-messages.ts';

/** The bench's end of a process that publishes. */
export class LoadSource {
  readonly #child: ChildProcess;
  readonly #endWithUs = () => this.#child.kill('SIGKILL');
  #failed: string | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    process.once('exit', this.#endWithUs);
    child.on('message', (message: FromSource) => {
      if (message.tell === 'failed') this.#failed = message.reason;
    });
  }

  /** Starts a publisher and connects it to the broker on a loopback port. */
  static async publisher(port: number, signIn: SignIn): Promise<LoadSource> {
    const source = LoadSource.#start('./publisher.ts', []);
    source.#ask({ ask: 'connect', port, signIn });
    await source.#answer('ready');
    return source;
  }

  /** Starts a broker that publishes by itself and packs `perFrame` packets into each WebSocket frame. */
  static async packingBroker(perFrame: number): Promise<{ source: LoadSource; url: string }> {
    const source = LoadSource.#start('./brokers/packing-broker.ts', [String(perFrame)]);
    const { port } = await source.#answer('ready');
    return { source, url: `ws://127.0.0.1:${port}/mqtt` };
  }

  static #start(file: string, args: readonly string[]): LoadSource {
    const path = fileURLToPath(new URL(file, import.meta.url));
    return new LoadSource(fork(path, args, { execArgv: ['--import', 'tsx'] }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async say(messages: readonly Message[]): Promise<void> {
    this.#ask({ ask: 'say', messages });
    await this.#answer('done');
  }

  flood(wish: FloodWish): void {
    this.#ask({ ask: 'flood', wish });
  }

  pace(wish: PaceWish): void {
    this.#ask({ ask: 'pace', wish });
  }

  counted(count: number): void {
    this.#ask({ ask: 'counted', count });
  }

  async halt(): Promise<Sent> {
    this.#ask({ ask: 'halt' });
    return (await this.#answer('sent')).sent;
  }

  async end(): Promise<void> {
    process.off('exit', this.#endWithUs);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  #ask(message: ToSource): void {
    if (this.#failed !== undefined) throw new Error(this.#failed);
    this.#child.send(message);
  }

  #answer<Tell extends FromSource['tell']>(wanted: Tell): Promise<Extract<FromSource, { tell: Tell }>> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        child.off('message', hear);
        child.off('exit', gone);
        outcome();
      };
      const hear = (message: FromSource) => {
        if (message.tell === 'failed') settle(() => reject(new Error(message.reason)));
        else if (message.tell === wanted)
          settle(() => resolve(message as Extract<FromSource, { tell: Tell }>));
      };
      const gone = (code: number | null) =>
        settle(() => reject(new Error(`The publisher ended with ${code}.`)));
      child.on('message', hear);
      child.once('exit', gone);
    });
  }
}
