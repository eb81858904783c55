import type { DeviceKey } from './device.ts';
import type { QoS } from './qos.ts';
import type { Value } from './sample.ts';

/**
 * What became of a command:
 * `queued` stored, not sent; `sent` handed to the socket; `accepted` the broker's PUBACK below 0x80, where that proves something;
 * `done` / `failed` the device said so (or telemetry proved it); `unanswered` sent, deadline passed;
 * `expired` never sent; `refused` the broker or the policy said no, or the person took it back.
 */
export type Outcome =
  'queued' | 'sent' | 'accepted' | 'done' | 'failed' | 'unanswered' | 'expired' | 'refused';

/** How a message goes, where a person says more than what it says. MQTT 3.1.1 has no content type and no properties. */
export interface Handling {
  readonly qos?: QoS;
  /** The broker keeps it, and hands it to the device each time it subscribes. */
  readonly retain?: boolean;
  readonly contentType?: string;
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
}

/** That a command is one of many that were sent with one decision. */
export interface BatchPlace {
  readonly id: string;
  /** How many commands there are in it. */
  readonly of: number;
  /** From 0: its turn is not before this many times `gap` ms. */
  readonly place: number;
  readonly gap: number;
}

/** One command, as the outbox keeps it and the page shows it. Times are epoch ms. */
export interface Command {
  readonly id: string;
  readonly device: DeviceKey;
  readonly name: string;
  readonly args: unknown;
  /** The JSON that the person typed, where it was not made from a form. */
  readonly raw?: string;
  /** Only with `raw`. */
  readonly handling?: Handling;
  readonly batch?: BatchPlace;
  /**
   * It asks for a configuration: `args` is what is asked for (`null`: nothing any more) and `base` what was asked for when the
   * person began, without which it does not go.
   */
  readonly config?: { readonly base: unknown };
  /** Another console sent it: it was seen at the broker, on its way to the device. */
  readonly elsewhere?: true;
  readonly by: string;
  readonly topic: string;
  /** Size in bytes of what goes on the wire, without the MQTT header. */
  readonly bytes: number;
  readonly outcome: Outcome;
  /** They go in this order, whatever the clock showed when they were made. Missing in what was stored before there was one. */
  readonly seq?: number;
  readonly createdAt: number;
  readonly deadline: number;
  /** The clock was set back while it was open: by how much in all (ms, below 0; `deadline` has it), and what it showed then. */
  readonly clockSet?: { readonly at: number; readonly by: number };
  readonly sentAt?: number;
  readonly acceptedAt?: number;
  /** The PUBACK came; with `acceptedAt` it proves that the broker took it (broker-truth.ts). */
  readonly pubackAt?: number;
  readonly settledAt?: number;
  /** What was spoken when it was last handed to a socket: only MQTT 5 binds the broker to the deadline too. */
  readonly protocol?: 4 | 5;
  /** What telemetry has to show for it to be done, where the device does not acknowledge. */
  readonly confirms?: { readonly channel: string; readonly equals: Value };
  /** How often it was handed to a socket. */
  readonly attempts: number;
  /** The device's own answer. */
  readonly result?: unknown;
  /** Why it failed or was refused, in one sentence. */
  readonly error?: string;
  /** `telemetry`: the device never acknowledged but `confirms` was seen; `report`: it reports the configuration asked for. */
  readonly provenBy?: 'ack' | 'telemetry' | 'report';
}

/** Whether nothing more is expected to happen to the command by itself. */
export function isSettled(outcome: Outcome): boolean {
  return outcome !== 'queued' && outcome !== 'sent' && outcome !== 'accepted';
}

/** From the moment at which it was first sent to the device's answer, in ms; `undefined` where there is none. */
export function roundTrip({ sentAt, settledAt, provenBy }: Command): number | undefined {
  if (provenBy !== 'ack' || sentAt === undefined || settledAt === undefined) return undefined;
  // The computer's clock may have been set in between.
  return settledAt < sentAt ? undefined : settledAt - sentAt;
}

/** For how long it was valid from its turn on, in seconds. */
export function timeToLive({ deadline, clockSet, createdAt, batch }: Command): number {
  return (deadline - (clockSet?.by ?? 0) - createdAt - (batch ? batch.place * batch.gap : 0)) / 1_000;
}
