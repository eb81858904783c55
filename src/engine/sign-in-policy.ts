import { mayPublish, policyTopic, type PolicyDocument } from '../model/policy.ts';
import { readPolicyDocument } from '../model/policy-document.ts';
import type { Clock } from './clock.ts';

/** How long after the broker granted the subscriptions a retained document may be on its way. */
const ON_ITS_WAY_MS = 5_000;

export interface SignInPolicyOptions {
  readonly username: () => string;
  readonly clock: Clock;
  readonly onChange: () => void;
  /** The document says something else than the last one that was there. */
  readonly onOtherRights?: () => void;
  /** The document cannot be read. */
  readonly onUnreadable: (topic: string, at: number) => void;
}

/** What the retained policy document says that this sign-in may do: a hint for the words only, never a gate. */
export class SignInPolicy {
  readonly #options: SignInPolicyOptions;
  #document: PolicyDocument | null = null;
  /** The last document, as text. It comes again with every link. */
  #lastRead: string | undefined;
  #cancelWait: () => void = () => {};

  constructor(options: SignInPolicyOptions) {
    this.#options = options;
  }

  /** `null` where the broker has none. */
  get document(): PolicyDocument | null {
    return this.#document;
  }

  /** Takes the document in; answers whether the topic was that. */
  read(topic: string, payload: Uint8Array): boolean {
    const { username, clock, onUnreadable } = this.#options;
    if (topic !== policyTopic(username())) return false;
    this.#cancelWait();
    const document = readPolicyDocument(payload, username());
    if (!document && payload.length > 0) onUnreadable(topic, clock.now());
    this.#set(document ?? null);
    return true;
  }

  /** The subscriptions were granted on a new link: the document comes again, or was deleted while nobody listened. */
  granted(): void {
    this.#cancelWait();
    this.#cancelWait = this.#options.clock.after(ON_ITS_WAY_MS, () => this.#set(null));
  }

  /** There is no link: whether the document is still there cannot be told. */
  down(): void {
    this.#cancelWait();
  }

  /** Nobody is signed in any more. */
  clear(): void {
    this.#cancelWait();
    this.#set(null);
  }

  forbids(topic: string): boolean {
    return this.#document !== null && !mayPublish(this.#document, topic);
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
