import type { Outcome } from './command.ts';
import type { DeviceKey, Online } from './device.ts';

/** Something that happened once, kept beside the samples. Times are epoch ms. */
export type HistoryEvent =
  | { readonly kind: 'status'; readonly at: number; readonly device: DeviceKey; readonly online: Online }
  | {
      readonly kind: 'command';
      readonly at: number;
      readonly device: DeviceKey;
      readonly id: string;
      readonly name: string;
      readonly by: string;
      readonly outcome: Outcome;
      readonly error?: string;
    }
  | {
      readonly kind: 'alert';
      readonly at: number;
      readonly device: DeviceKey;
      readonly alert: string;
      readonly state: 'firing' | 'resolved';
      readonly text: string;
    }
  | {
      readonly kind: 'problem';
      readonly at: number;
      readonly device?: DeviceKey;
      readonly topic: string;
      readonly message: string;
    };

export type EventKind = HistoryEvent['kind'];
