import type { Severity } from './alert/rule.ts';
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
      /** It asked for a configuration. */
      readonly config?: true;
    }
  | {
      readonly kind: 'alert';
      readonly at: number;
      readonly device: DeviceKey;
      readonly alert: string;
      readonly state: 'firing' | 'acknowledged' | 'resolved';
      readonly text: string;
      /** The same from its beginning to its end. What was stored by an older build has none of these. */
      readonly id?: string;
      readonly severity?: Severity;
      readonly since?: number;
      readonly rule?: string;
      readonly channel?: string;
      /** Who acknowledged it. */
      readonly by?: string;
    }
  | {
      readonly kind: 'problem';
      readonly at: number;
      readonly device?: DeviceKey;
      readonly topic: string;
      readonly message: string;
    };

export type EventKind = HistoryEvent['kind'];
