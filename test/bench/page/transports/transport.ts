import type { SignIn } from '../../mqtt-packets.ts';

/** How a page of the architectures gets its telemetry, and where from. */
export interface TransportWish {
  readonly kind: 'direct' | 'ws' | 'sse';
  readonly url: string;
  readonly devices: readonly string[];
  /** For the broker, where the page speaks to it itself. */
  readonly signIn: SignIn;
  /** Telemetry at QoS 1 in a session that the broker keeps, so that it queues what comes in an outage. */
  readonly keepSession?: boolean;
}

export interface TransportEvents {
  /** Subscribed, for the first time or again. */
  ready(): void;
  telemetry(deviceId: string, data: unknown): void;
  ack(deviceId: string, data: unknown): void;
}

/** Sends a command to a device; the answer comes as an ack. */
export type SendCommand = (deviceId: string, payload: unknown) => void;
