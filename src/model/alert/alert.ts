import type { DeviceKey } from '../device.ts';
import type { Severity } from './rule.ts';
import type { WatchState } from './watch.ts';

/**
 * Something that needs a person, or did: one for each device and what is the matter, or for each rule, device and channel.
 * Immutable: a change is a new one. Times are epoch ms.
 */
export interface Alert {
  /** Each time that it begins is an alert of its own. */
  readonly id: string;
  readonly device: DeviceKey;
  /** `rule` is one that a person made; the others are always watched for. */
  readonly kind: 'offline' | 'no-data' | 'problem' | 'clock' | 'rule';
  readonly severity: Severity;
  /** Missing when only a retained copy said so. */
  readonly since?: number;
  readonly resolvedAt?: number;
  readonly state: 'pending' | 'firing' | 'acknowledged' | 'resolved';
  readonly text: string;
  /** The id of its rule, and the channel that it is about. */
  readonly rule?: string;
  readonly channel?: string;
  readonly acknowledged?: { readonly at: number; readonly by: string };
  /** Whether it goes on is not known: nobody listened, or the device is silent. */
  readonly unknown?: true;
  /** It goes on and off, so it ends only after a quiet time. */
  readonly flapping?: true;
}

/** What is kept of one alert, so that a reload or another leader takes it for the same. */
export interface StoredAlert {
  /** What the matter is and with which device: the same each time that it happens. */
  readonly key: string;
  /** Missing when it is over, and only how often it happened is kept. */
  readonly alert?: Alert;
  /** For alerts by rules. */
  readonly watch?: WatchState;
}

/** Whether it still stands, seen by a person or not. */
export function stands({ state }: Alert): boolean {
  return state === 'firing' || state === 'acknowledged';
}
