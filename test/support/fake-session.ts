import type { Puback, Session } from '../../src/engine/connection/session.ts';
import type { Publish } from '../../src/model/convention.ts';
import type { QoS } from '../../src/model/qos.ts';

/** A SUBSCRIBE that waits for its answer. */
export interface Asked {
  readonly filters: readonly string[];
  readonly qos: QoS;
  /** One reason code per filter. */
  grant(...codes: number[]): void;
  /** The session ended first. */
  fail(): void;
}

/** A publish that waits for its PUBACK. */
export interface Sent {
  readonly message: Publish;
  readonly text: string;
  readonly expirySeconds: number | undefined;
  acknowledge(reasonCode?: number): void;
  /** The session ended first. */
  fail(): void;
}

/** A session whose broker answers when the test says so. */
export class FakeSession implements Session {
  readonly endpoint = 'ws://broker/mqtt';
  readonly kept = undefined;
  readonly maximumPacketSize = undefined;
  readonly asked: Asked[] = [];
  readonly sent: Sent[] = [];
  readonly dropped: string[] = [];
  ended = false;

  constructor(
    readonly protocol: 4 | 5 = 5,
    readonly sessionPresent = false,
  ) {}

  subscribe(filters: readonly string[], qos: QoS): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.asked.push({
        filters,
        qos,
        grant: (...codes) => resolve(codes),
        fail: () => reject(new Error('The session ended.')),
      });
    });
  }

  async unsubscribe(filters: readonly string[]): Promise<void> {
    this.dropped.push(...filters);
  }

  publish(message: Publish, expirySeconds?: number): Promise<Puback> {
    return new Promise((resolve, reject) => {
      this.sent.push({
        message,
        text: new TextDecoder().decode(message.payload),
        expirySeconds,
        acknowledge: (reasonCode = 0) => resolve({ reasonCode }),
        fail: () => reject(new Error('The session ended.')),
      });
    });
  }

  ping(): void {}

  drop(): void {
    this.ended = true;
  }

  end(): void {
    this.ended = true;
  }
}

/** Resolves when everything that waits on settled promises has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
