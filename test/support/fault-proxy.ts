import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Which bytes a hole swallows. */
export type Direction = 'both' | 'to-client' | 'to-broker';

/** What the proxy has done so far: a fault test asserts that its fault took place. */
export interface FaultCounts {
  /** Connections that reached the broker. */
  accepted: number;
  /** Connections that were turned away at once. */
  refused: number;
  /** Bytes that went through. */
  passed: number;
  /** Bytes that came into a hole. */
  swallowed: number;
  resets: number;
  closes: number;
}

interface Pair {
  readonly client: Socket;
  readonly broker: Socket;
}

/** A TCP proxy in front of a broker, on a free loopback port, that breaks what it is told to break. */
export class FaultProxy {
  readonly counts: FaultCounts = { accepted: 0, refused: 0, passed: 0, swallowed: 0, resets: 0, closes: 0 };
  /** When each connection was asked for, epoch ms. */
  readonly attempts: number[] = [];
  /** Connections are reset before anything is said. */
  refusing = false;
  /** Milliseconds that every byte takes longer. */
  delay = 0;
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  /** Into what bytes fall; kept for those that are to arrive after all. */
  #hole: Direction | undefined;
  #held: (() => void)[] = [];

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(target: number, port = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The address of a broker behind it. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}/mqtt`;
  }

  get open(): number {
    return this.#pairs.size;
  }

  /** From now on bytes vanish, and the connections stay open: a network that is gone without a word. */
  dig(direction: Direction = 'both'): void {
    this.#hole = direction;
  }

  /** The network is back. What fell into the hole arrives now, as TCP has it; or never, where `lost`. */
  heal(lost = false): void {
    this.#hole = undefined;
    const held = this.#held;
    this.#held = [];
    if (!lost) for (const pass of held) pass();
  }

  /** Ends every connection with an RST. */
  reset(): void {
    this.counts.resets += this.#pairs.size;
    for (const { client, broker } of this.#pairs) {
      client.resetAndDestroy();
      broker.resetAndDestroy();
    }
  }

  /** Ends every connection in good order. */
  close(): void {
    this.counts.closes += this.#pairs.size;
    for (const { client, broker } of this.#pairs) {
      client.end();
      broker.end();
    }
  }

  async stop(): Promise<void> {
    for (const { client, broker } of this.#pairs) {
      client.destroy();
      broker.destroy();
    }
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    this.attempts.push(Date.now());
    if (this.refusing) {
      this.counts.refused++;
      client.resetAndDestroy();
      return;
    }
    this.counts.accepted++;
    const pair = { client, broker: connect(this.#target, '127.0.0.1') };
    this.#pairs.add(pair);
    this.#pump(pair.client, pair.broker, 'to-broker');
    this.#pump(pair.broker, pair.client, 'to-client');
    for (const [one, other] of [
      [pair.client, pair.broker],
      [pair.broker, pair.client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#pairs.delete(pair);
        // Nobody hears of a closing on the other side of a hole.
        if (this.#hole === undefined) other.destroy();
        else this.#held.push(() => other.destroy());
      });
    }
  }

  #pump(from: Socket, to: Socket, direction: Direction): void {
    from.on('data', (bytes) => {
      const pass = () => {
        this.counts.passed += bytes.length;
        if (!to.destroyed) to.write(bytes);
      };
      if (this.#hole === 'both' || this.#hole === direction) {
        this.counts.swallowed += bytes.length;
        this.#held.push(pass);
      } else if (this.delay > 0) setTimeout(pass, this.delay);
      else pass();
    });
  }
}
