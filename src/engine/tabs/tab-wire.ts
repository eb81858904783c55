import type { FromEngine, ToEngine } from '../../engine-api/wire.ts';
import { WIRE_VERSION } from '../../engine-api/wire.ts';
import type { HandOver } from './hand-over.ts';

/** What the tabs of a home tell each other; all of them hear it. */
export type HomeMessage =
  /** Who leads? */
  | { readonly type: 'look' }
  /** I lead: every 2 s, when I begin, and when somebody looks. */
  | { readonly type: 'beat'; readonly hidden: boolean }
  /** I have the lead and am opening the home: an answer to somebody who looks before the first beat. */
  | { readonly type: 'opening' }
  /** A page of mine wants to be shown what the leader sees, over a channel of its own. */
  | { readonly type: 'join'; readonly page: string }
  /** I am visible and you are not: let me lead. */
  | { readonly type: 'ask' }
  /** My client is ended: `to` may take the lead. */
  | { readonly type: 'yours'; readonly to: string };

/** Who says it, in which term, in which version of this wire. */
export type FromTab<Message> = Message & {
  readonly v: number;
  readonly term: number;
  readonly from: string;
};

/** What crosses on the channel of one follower's page: from its tab, and to it. */
export type PageMessage =
  | { readonly type: 'to-engine'; readonly message: ToEngine }
  | { readonly type: 'from-engine'; readonly message: FromEngine }
  /** The page is attached. */
  | { readonly type: 'welcome'; readonly handOver: HandOver }
  | { readonly type: 'hand-over'; readonly handOver: HandOver }
  /** A call has arrived; its answer may take longer. */
  | { readonly type: 'ack'; readonly id: number };

/** Puts the sender's name, term and version on a message. */
export function stamped<Message extends HomeMessage | PageMessage>(
  message: Message,
  term: number,
  from: string,
): FromTab<Message> {
  return { ...message, v: WIRE_VERSION, term, from };
}

/**
 * A message as another tab sent it, or `undefined` when it is none. Its version is not looked at: version, type, term and
 * sender stay what they are in every one.
 */
export function readStamped<Message extends HomeMessage | PageMessage>(
  message: unknown,
): FromTab<Message> | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { v, type, term, from } = message as Record<string, unknown>;
  const whole =
    typeof v === 'number' && typeof type === 'string' && Number.isFinite(term) && typeof from === 'string';
  return whole ? (message as FromTab<Message>) : undefined;
}

/** The channel of one follower's page; its tab holds a lock of the same name for as long as the page is there. */
export function pageChannel(home: string, page: string): string {
  return `${home}|page|${page}`;
}
