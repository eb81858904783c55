import type {
  DescribeAnswer,
  DescribeRequest,
  DraftAnswer,
  DraftRequest,
} from '../../engine-api/descriptions.ts';
import { sameJson } from '../../model/config/same-json.ts';
import type { Describing, Publish } from '../../model/convention.ts';
import { conventionOf, nativeId } from '../../model/device.ts';
import type { DescriptionDocument, DescriptionReading, DeviceKey } from '../../model/device.ts';
import type { Clock } from '../time/clock.ts';
import type { Session } from '../connection/session.ts';
import { tooLarge, type SizeLimits } from '../connection/too-large.ts';
import type { Reader } from '../reading/reader.ts';
import type { LocalDescriptions } from './local-descriptions.ts';
import { RetainedWait } from '../reading/retained-wait.ts';
import { askForRetained } from './ask-for-retained.ts';

const NO_LINK = 'Not sent: there is no link to the broker. Save the description when there is one.';

export interface DescriptionsOptions {
  readonly clock: Clock;
  /** By the name of their convention. */
  readonly readers: () => ReadonlyMap<string, Reader>;
  /** The live session, if any. */
  readonly session: () => Session | undefined;
  readonly pubackProves: (session: Session) => boolean;
  /** How large a message may be on this session, as far as anybody has said. */
  readonly limits: (session: Session) => SizeLimits;
  /** Whether the broker hands out what it keeps where it is asked for by wildcards. */
  readonly retainedOnWildcards: () => boolean;
  /** Whether all that is published on a topic comes to this sign-in. */
  readonly delivers: (topic: string) => boolean;
}

/**
 * What is retained about each device, as published, and what a person puts in its place. It goes only over a live link and only
 * in place of what the person has seen; it does not wait in the outbox, since a description that nobody looks at any more is
 * not worth a conflict that comes an hour later.
 */
export class Descriptions {
  readonly #options: DescriptionsOptions;
  /** Heard on this link; `null` where it was cleared. */
  readonly #documents = new Map<DeviceKey, DescriptionDocument | null>();
  readonly #underway = new Set<DeviceKey>();
  readonly #retained: RetainedWait;

  /** @param local what this browser says in place of it */
  constructor(
    options: DescriptionsOptions,
    readonly local: LocalDescriptions,
  ) {
    this.#options = options;
    this.#retained = new RetainedWait(options.clock);
  }

  /** A description has come, or was cleared. */
  take(device: DeviceKey, document: DescriptionDocument | null): void {
    this.#documents.set(device, document);
  }

  /** The subscriptions were granted on a new link: what is retained comes again. */
  granted(): void {
    this.#retained.begin();
  }

  /** There is no link: what was heard holds only when the next one says it again. */
  down(): void {
    this.#documents.clear();
    this.#retained.end();
  }

  /**
   * What stands at the broker; `null` for nothing, `undefined` while it may still come, or where the broker hands it out only to
   * whoever asks for that topic.
   */
  document(device: DeviceKey): DescriptionDocument | null | undefined {
    const known = this.#documents.get(device);
    if (known !== undefined) return known;
    return this.#retained.isOver && this.#options.retainedOnWildcards() ? null : undefined;
  }

  /** A description as it would be published. Throws one sentence when it cannot be. */
  draft({ device, description, over, keepOwn }: DraftRequest): DraftAnswer {
    const describing = this.#describing(device);
    const { name, location } = (over && describing.read(over).description) ?? {};
    const document = describing.write(keepOwn ? { ...description, name, location } : description, over);
    const publishes = describing.publish(nativeId(device), document);
    const bytes = publishes.reduce((sum, { payload }) => sum + payload.length, 0);
    return { document, bytes, problems: describing.read(document).problems };
  }

  /** What a document of somebody else says. */
  read(device: DeviceKey, document: DescriptionDocument): DescriptionReading {
    return this.#describing(device).read(document);
  }

  /** Publishes it. Resolves with what is known then; rejects with one sentence, which says what was not sent. */
  async describe({ device, document, over }: DescribeRequest): Promise<DescribeAnswer> {
    const publishes = this.#describing(device).publish(nativeId(device), document);
    if (this.#underway.has(device))
      throw new Error('Not sent: another change of this description is on its way. Try again in a moment.');
    this.#underway.add(device);
    try {
      await this.#allCame(device, publishes[0]?.topic);
      return await this.#replace(device, publishes, document, over);
    } finally {
      this.#underway.delete(device);
    }
  }

  /** Waits until what the broker keeps about the device has come, if there is anything. */
  async #allCame(device: DeviceKey, topic: string | undefined): Promise<void> {
    if (this.#documents.has(device)) return;
    if (!(await this.#retained.come())) throw new Error(NO_LINK);
    const { clock, session, retainedOnWildcards, delivers } = this.#options;
    if (topic === undefined || this.#documents.has(device) || retainedOnWildcards()) return;
    // A broker may end the connection over a topic that is not for this sign-in.
    if (delivers(topic) && !(await askForRetained(topic, clock, session))) throw new Error(NO_LINK);
  }

  async #replace(
    device: DeviceKey,
    publishes: readonly Publish[],
    document: DescriptionDocument | null,
    over: DescriptionDocument | null,
  ): Promise<DescribeAnswer> {
    const session = this.#options.session();
    if (!session) throw new Error(NO_LINK);
    const now = this.#documents.get(device);
    // A call is repeated to a new leader: it may have arrived already.
    if (now !== undefined && sameJson(now, document)) return 'accepted';
    if (!sameJson(now ?? null, over))
      throw new Error('Not sent: somebody else changed the description meanwhile. Look at both and choose.');
    return this.#publish(publishes, session);
  }

  async #publish(publishes: readonly Publish[], session: Session): Promise<DescribeAnswer> {
    const large = tooLarge(publishes, this.#options.limits(session));
    if (large !== undefined) throw new Error(large);
    const topic = publishes[0]?.topic ?? '';
    let codes: readonly number[];
    try {
      const answers = await Promise.all(publishes.map((publish) => session.publish(publish)));
      codes = answers.map(({ reasonCode }) => reasonCode);
    } catch {
      throw new Error(
        `The link ended before the broker answered: whether it keeps the description is not known, or it closed the connection since this sign-in may not write ${topic}. Look again when there is a link.`,
      );
    }
    const code = Math.max(...codes);
    if (code === 0x87)
      throw new Error(`The broker refused the description: this sign-in may not write ${topic}.`);
    if (code >= 0x80)
      throw new Error(`The broker refused the description: reason code 0x${code.toString(16)}.`);
    return this.#options.pubackProves(session) ? 'accepted' : 'sent';
  }

  #describing(device: DeviceKey): Describing {
    const reader = this.#options.readers().get(conventionOf(device));
    if (!reader?.session.describing) throw new Error('Devices of this kind describe themselves only.');
    return reader.session.describing;
  }
}
