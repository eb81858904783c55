import type { LinkSettings } from '../model/link-settings.ts';

export type LinkPhase = 'connecting' | 'live' | 'stale' | 'offline' | 'refused';

/** Why there is no link, in the words of the field; the page turns it into a sentence. */
export type LinkCause =
  | 'signed-out'
  | 'credential'
  | 'not-authorized'
  | 'protocol'
  | 'client-id'
  | 'server-busy'
  | 'taken-over'
  | 'server-shutdown'
  | 'keepalive'
  | 'closed'
  | 'unreachable'
  | 'another-tab';

/** The state of the one connection to the broker. Times are epoch ms. */
export interface Link {
  readonly phase: LinkPhase;
  /** When this phase began. */
  readonly since: number;
  readonly cause?: LinkCause;
  /** One sentence: what happened, what it means, what to do. */
  readonly reason?: string;
  /** When the next attempt is due. */
  readonly retryAt?: number;
  /** How many attempts have failed in a row. */
  readonly attempts: number;
  readonly endpoint?: string;
  readonly protocol?: 4 | 5;
  /** Why 3.1.1, where 5 was tried first. */
  readonly protocolReason?: string;
  readonly sessionPresent?: boolean;
  /** Seconds for which the broker keeps the session without a link; missing where it does not say. */
  readonly sessionKept?: number;
  /** Seconds. */
  readonly keepalive?: number;
  /** When bytes last came from the broker. */
  readonly heardAt?: number;
  /** Whether the history is on disk, and if not, why. */
  readonly tab: 'leader' | 'follower' | 'alone';
  /** How it is used, in all tabs alike; missing while no home is open. */
  readonly settings?: LinkSettings;
  /** What this page lacks in this context and why, one sentence each. */
  readonly lacks: readonly string[];
}

export type SubscriptionState = 'asked' | 'granted' | 'granted-filtered' | 'refused' | 'closed';

/** One subscription and what the broker made of it. */
export interface Subscription {
  readonly filter: string;
  readonly state: SubscriptionState;
  readonly qos?: 0 | 1 | 2;
  /** Why it was refused, in words. */
  readonly reason?: string;
}
