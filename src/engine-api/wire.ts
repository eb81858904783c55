import type { Severity } from '../model/alert/rule.ts';
import type { CallName } from './calls.ts';
import type { Frame } from './frame.ts';

/** A newer build takes the lead; a page that sees another version says "reload". */
export const WIRE_VERSION = 3;

/**
 * The BroadcastChannel on which a page says its {@link WIRE_VERSION} as the browser puts it aside: its worker may be stopped
 * before it can give up the lead, and keep its lock. Whoever follows then looks at once whether the leader still answers.
 */
export const LEAVING_CHANNEL = 'telltale|leaving';

export type ToEngine =
  | {
      readonly type: 'call';
      readonly v: number;
      readonly id: number;
      readonly name: CallName;
      readonly args: readonly unknown[];
    }
  /**
   * The page is ready for one frame. `hidden` asks for counts and alerts only, at most once a second.
   */
  | { readonly type: 'credit'; readonly v: number; readonly page: 'visible' | 'hidden' }
  /** The page is put aside by the browser (closed, or kept to come `back` to) and runs no more until it is back. */
  | { readonly type: 'life'; readonly v: number; readonly page: 'away' | 'back' };

export type FromEngine =
  | {
      readonly type: 'answer';
      readonly v: number;
      readonly id: number;
      readonly ok: true;
      readonly value: unknown;
    }
  | {
      readonly type: 'answer';
      readonly v: number;
      readonly id: number;
      readonly ok: false;
      readonly error: string;
    }
  | { readonly type: 'frame'; readonly v: number; readonly frame: Frame }
  /** The one unsolicited message: an alert began, or something about the page itself. */
  | { readonly type: 'notice'; readonly v: number; readonly text: string; readonly alert?: NoticedAlert };

/** The alert that a notice is about: every tab is told, and one notification is enough. */
export interface NoticedAlert {
  readonly id: string;
  readonly severity: Severity;
}

/** One end of a page's wire: a worker's global, a BroadcastChannel, or a pair of functions in a test. */
export interface Port {
  post(message: FromEngine, transfer: readonly ArrayBufferLike[]): void;
}
