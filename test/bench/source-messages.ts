import type { Message, SignIn } from './mqtt-packets.ts';
import type { Readings } from './readings.ts';

/** As many messages as the consumer takes: never more than `outstanding` sent and not yet counted by it. */
export interface FloodWish {
  readonly readings: Readings;
  readonly outstanding: number;
  /** Ends by itself after so many; then every message is made afresh, otherwise a stock of them goes round. */
  readonly limit?: number;
}

/** So many messages a second, whether the consumer keeps up or not. */
export interface PaceWish {
  readonly readings: Readings;
  readonly perSecond: number;
  /** A message of its own at QoS 1, every so many ms: `{"seq":n}` on this topic. */
  readonly probe?: { readonly topic: string; readonly every: number };
}

/** What the bench asks of a process that publishes. */
export type ToSource =
  | { readonly ask: 'connect'; readonly port: number; readonly signIn: SignIn }
  | { readonly ask: 'say'; readonly messages: readonly Message[] }
  | { readonly ask: 'flood'; readonly wish: FloodWish }
  | { readonly ask: 'pace'; readonly wish: PaceWish }
  /** How many messages the consumer has counted since the flood began. */
  | { readonly ask: 'counted'; readonly count: number }
  | { readonly ask: 'halt' };

/** What was sent since the last flood or pace began. */
export interface Sent {
  readonly count: number;
  /** The probes' numbers and when they were sent, epoch ms. */
  readonly probes: readonly (readonly [seq: number, at: number])[];
}

export type FromSource =
  | { readonly tell: 'ready'; readonly port?: number }
  | { readonly tell: 'done' }
  | { readonly tell: 'sent'; readonly sent: Sent }
  | { readonly tell: 'failed'; readonly reason: string };
