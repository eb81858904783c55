import type { Subscription } from '../../engine-api/link.ts';
import { mayPublish, maySubscribe, policyTopic, type PolicyDocument } from '../../model/policy.ts';
import { readPolicyDocument } from '../../model/policy-document.ts';
import { matches } from '../../model/topic.ts';
import type { Clock } from '../time/clock.ts';
import { RetainedWait } from '../reading/retained-wait.ts';

export interface SignInPolicyOptions {
  readonly username: string;
  readonly clock: Clock;
  readonly onChange: () => void;
  /** The document says something else than the last one that was there. */
  readonly onOtherRights?: () => void;
  /** The broker has no document for this sign-in, or has not handed it out in time. */
  readonly onAbsent?: () => void;
  /** The document cannot be read. */
  readonly onUnreadable: (topic: string, at: number) => void;
}

/** What the retained policy document says that this sign-in may do: a hint for the words only, never a gate. */
export class SignInPolicy {
  readonly #options: SignInPolicyOptions;
  readonly #topic: string;
  #document: PolicyDocument | null = null;
  /** The last document, as text. It comes again with every link. */
  #lastRead: string | undefined;
  /** It came on this link. */
  #heard = false;
  readonly #retained: RetainedWait;

  constructor(options: SignInPolicyOptions) {
    this.#options = options;
    this.#topic = policyTopic(options.username);
    this.#retained = new RetainedWait(options.clock, () => {
      this.#set(null);
      options.onAbsent?.();
    });
  }

  /** `null` where the broker has none. */
  get document(): PolicyDocument | null {
    return this.#document;
  }

  /** Takes the document in; answers whether the topic was that. */
  read(topic: string, payload: Uint8Array): boolean {
    if (topic !== this.#topic) return false;
    const { username, clock, onUnreadable } = this.#options;
    this.#retained.end();
    this.#heard = true;
    const document = readPolicyDocument(payload, username);
    if (!document && payload.length > 0) onUnreadable(topic, clock.now());
    this.#set(document ?? null);
    return true;
  }

  /** The subscriptions were granted on a new link: the document comes again, or was deleted while nobody listened. */
  granted(): void {
    // It may have come before the last of the subscriptions was answered.
    if (!this.#heard) this.#retained.begin();
  }

  /** There is no link: whether the document is still there cannot be told. */
  down(): void {
    this.#heard = false;
    this.#retained.end();
  }

  /** Nobody is signed in any more. */
  clear(): void {
    this.#retained.end();
    this.#set(null);
  }

  forbids(topic: string): boolean {
    return this.#document !== null && !mayPublish(this.#document, topic);
  }

  /** Whether all that is published on `topic` comes here: it was granted, and nothing says that the broker holds it back. */
  delivers(topic: string, subscriptions: readonly Subscription[]): boolean {
    const document = this.#document;
    return subscriptions.some(
      ({ filter, state }) =>
        state === 'granted' &&
        matches(filter, topic) &&
        (document === null || maySubscribe(document, filter)),
    );
  }

  #set(document: PolicyDocument | null): void {
    if (document === null && this.#document === null) return;
    this.#document = document;
    this.#options.onChange();
    if (document === null) return;
    const before = this.#lastRead;
    this.#lastRead = JSON.stringify(document);
    if (before !== undefined && before !== this.#lastRead) this.#options.onOtherRights?.();
  }
}
