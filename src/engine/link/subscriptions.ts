import type { Subscription } from '../../engine-api/link.ts';
import type { WantedFilter } from '../../model/convention.ts';
import type { QoS } from '../../model/qos.ts';
import type { BrokerTruth } from '../../model/broker-truth.ts';
import { isValidFilter } from '../../model/topic.ts';
import type { Clock } from '../time/clock.ts';
import type { Ending } from '../connection/refusal.ts';
import type { Session } from '../connection/session.ts';
import type { HeldFilters } from './held-filters.ts';

/** AWS IoT Core takes no more in one SUBSCRIBE; others do not mind. */
const FILTERS_PER_SUBSCRIBE = 8;
/** A convention learns filters from messages, and messages are hostile. */
const MAX_FILTERS = 10_000;

/**
 * How long until a filter that was granted before and is refused now is asked for again, ms: from, and at most. A NATS node
 * refuses for a while after another one died (research/brokers.md, trap 14).
 */
const AGAIN_MS = 1_000;
const AGAIN_CAP_MS = 15_000;

/** A broker that denies by closing closes at once; a link that is lost later was lost for another reason. */
const CLOSES_WITHIN_MS = 2_500;

interface Entry {
  readonly wanted: WantedFilter;
  subscription: Subscription;
  /** The broker closed the connection while it was asked: asked for alone next time, and then not any more. */
  closing?: 'suspected' | 'sure';
  /** It was granted at some time, so that a refusal need not be for want of a right. */
  wasGranted?: true;
  /** It was granted and is refused, and is asked for again. */
  isForNow?: boolean;
}

/** The end of a session, told to whoever waits for it. */
interface End {
  readonly promise: Promise<Ending | undefined>;
  resolve: (ending: Ending | undefined) => void;
}

function newEnd(): End {
  let resolve: End['resolve'] = () => {};
  const promise = new Promise<Ending | undefined>((settle) => (resolve = settle));
  return { promise, resolve };
}

export interface SubscriptionsOptions {
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly held: HeldFilters;
  /** How this kind of broker says no. */
  readonly denies: (session: Session) => BrokerTruth['deniesSubscribe'];
  /** The broker said no: with a reason code, or by closing. */
  readonly onRefused?: (subscription: Subscription, code: number | 'closed') => void;
}

/** The list of what is wanted from the broker, asked for again at every CONNACK, and what the broker made of it. */
export class Subscriptions {
  #entries = new Map<string, Entry>();
  #session: Session | undefined;
  readonly #options: SubscriptionsOptions;
  #unanswered = 0;
  #cancelAgain: (() => void) | undefined;
  /** How often something has been asked for again on this session. */
  #again = 0;
  /** How each session ended that somebody waits to hear of. */
  readonly #ends = new WeakMap<Session, End>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Every wanted filter and its state, in the order in which they were asked for. */
  list(): readonly Subscription[] {
    return [...this.#entries.values()].map((entry) => entry.subscription);
  }

  /** The broker has been asked for something that it did not answer yet. */
  get awaitsAnswer(): boolean {
    return this.#unanswered > 0;
  }

  /**
   * Wants filters from now on. Ones that are wanted already change nothing, except that another QoS replaces the old one
   * [MQTT-3.8.4-3]. Answers whether all of them were taken.
   */
  want(filters: readonly WantedFilter[]): boolean {
    const fresh: WantedFilter[] = [];
    let taken = true;
    for (const wanted of filters) {
      if (this.#entries.get(wanted.filter)?.wanted.qos === wanted.qos) continue;
      if (!isValidFilter(wanted.filter) || this.#entries.size >= MAX_FILTERS) {
        taken = false;
        continue;
      }
      this.#entries.set(wanted.filter, { wanted, subscription: { filter: wanted.filter, state: 'asked' } });
      fresh.push(wanted);
    }
    if (fresh.length > 0) {
      this.#options.onChange();
      if (this.#session) void this.#ask(this.#session, fresh);
    }
    return taken;
  }

  /** Wants filters no longer. */
  drop(filters: readonly string[]): void {
    const known = filters.filter((filter) => this.#entries.delete(filter));
    if (known.length === 0) return;
    if (this.#session) this.#unsubscribe(this.#session, known);
    this.#options.onChange();
  }

  #unsubscribe(session: Session, filters: readonly string[]): void {
    for (let i = 0; i < filters.length; i += FILTERS_PER_SUBSCRIBE) {
      const batch = filters.slice(i, i + FILTERS_PER_SUBSCRIBE);
      session.unsubscribe(batch).then(
        // What is wanted again by now was asked for again, after this.
        () => this.#options.held.gone(batch.filter((filter) => !this.#entries.has(filter))),
        // Unanswered, it is settled by the end of its session.
        () => {},
      );
    }
  }

  /**
   * Asks for everything on a new session: status, meta and config come back retained, which a resumed session would
   * not bring. What the broker may have closed the last one over is asked for after the rest, one at a time. Resolves when
   * the broker has answered.
   */
  async live(session: Session): Promise<void> {
    this.#session = session;
    this.#again = 0;
    const { held } = this.#options;
    if (!session.sessionPresent) held.begin();
    // First: two filters that cover one topic may bring each message twice.
    else this.#unsubscribe(session, held.beside(this.#entries));
    const entries = [...this.#entries.values()];
    const wanted = (closing: Entry['closing']) =>
      entries.filter((entry) => entry.closing === closing).map((entry) => entry.wanted);
    await this.#ask(session, wanted(undefined));
    for (const suspect of wanted('suspected')) {
      if (this.#session !== session) return;
      if (this.#entries.has(suspect.filter)) await this.#ask(session, [suspect]);
    }
  }

  /**
   * The session is over: nothing is granted any more.
   * @param ending why; missing when it was ended from here
   */
  down(ending?: Ending): void {
    if (this.#session) this.#endOf(this.#session).resolve(ending);
    this.#session = undefined;
    this.#cancelAgain?.();
    this.#cancelAgain = undefined;
    for (const entry of this.#entries.values()) {
      if ((entry.isForNow || entry.subscription.state !== 'refused') && entry.closing !== 'sure')
        this.#settle(entry, { state: 'asked' });
    }
    this.#options.onChange();
  }

  /** Asks again for what the broker closed the connection over: for one filter, or for all when the rights may be others now. */
  askAgain(filter?: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.closing !== 'sure' || (filter !== undefined && entry.wanted.filter !== filter)) continue;
      entry.closing = 'suspected';
      this.#settle(entry, { state: 'asked' });
      if (this.#session) void this.#ask(this.#session, [entry.wanted]);
    }
    this.#options.onChange();
  }

  async #ask(session: Session, filters: readonly WantedFilter[]): Promise<void> {
    // State first: the fleet fills from it before telemetry comes.
    const ordered = [
      ...filters.filter((f) => f.carries === 'state'),
      ...filters.filter((f) => f.carries !== 'state'),
    ];
    await Promise.all(batches(ordered).map((batch) => this.#askBatch(session, batch)));
    this.#options.onChange();
  }

  async #askBatch(session: Session, batch: readonly WantedFilter[]): Promise<void> {
    const { clock } = this.#options;
    const qos = batch[0]?.qos ?? 0;
    const askedAt = clock.elapsed();
    let codes: readonly number[] | undefined;
    const first = this.#unanswered++ === 0;
    this.#options.held.asked(batch.map(({ filter }) => filter));
    try {
      codes = await session.subscribe(
        batch.map((wanted) => wanted.filter),
        qos,
      );
    } catch {
      // The session ended before the answer: the whole batch is without one.
    }
    const took = clock.elapsed() - askedAt;
    const alone = first && this.#unanswered === 1 && batch.length === 1;
    // Counted until it is known what the end meant: the connection asks whether something was awaited.
    const ending = codes ? undefined : await this.#endOf(session).promise;
    this.#unanswered--;
    // What an old session says late is not about the new one.
    if (this.#session && this.#session !== session) return;
    const closed = !codes && took <= CLOSES_WITHIN_MS && this.#closesOver(session, ending);
    batch.forEach((wanted, i) => {
      const entry = this.#entries.get(wanted.filter);
      const code = codes?.[i];
      if (!entry) return;
      if (closed)
        this.#closedOver(entry, alone && (entry.closing || this.#options.denies(session) === 'close'));
      else if (code === undefined) this.#settle(entry, { state: 'asked' });
      else this.#answered(entry, code);
    });
  }

  #endOf(session: Session): End {
    let end = this.#ends.get(session);
    if (!end) this.#ends.set(session, (end = newEnd()));
    return end;
  }

  /** Whether such an end can be the answer to a SUBSCRIBE. */
  #closesOver(session: Session, ending: Ending | undefined): boolean {
    const closed = ending?.cause === 'closed' || ending?.cause === 'not-authorized';
    return closed && this.#options.denies(session) !== 'code';
  }

  #closedOver(entry: Entry, sure: unknown): void {
    entry.closing = sure ? 'sure' : 'suspected';
    this.#settle(entry, { state: 'closed', reason: sure ? NOT_AGAIN : ONE_BY_ONE });
    if (sure) this.#options.onRefused?.(entry.subscription, 'closed');
  }

  #answered(entry: Entry, code: number): void {
    delete entry.closing;
    entry.isForNow = code === UNSPECIFIED && entry.wasGranted === true;
    if (code < 0x80) {
      entry.wasGranted = true;
      this.#settle(entry, { state: 'granted', qos: code as QoS });
      return;
    }
    const before = entry.subscription.state;
    this.#settle(entry, { state: 'refused', reason: entry.isForNow ? FOR_NOW : refusedReason(code) });
    if (entry.isForNow) this.#askLater();
    // The same refusal again, after each new link, is no news.
    if (before !== 'refused') this.#options.onRefused?.(entry.subscription, code);
  }

  #askLater(): void {
    const session = this.#session;
    if (this.#cancelAgain || !session) return;
    const delay = Math.min(AGAIN_CAP_MS, AGAIN_MS * 2 ** this.#again++);
    this.#cancelAgain = this.#options.clock.after(delay, () => {
      this.#cancelAgain = undefined;
      const entries = [...this.#entries.values()].filter(({ isForNow }) => isForNow);
      void this.#ask(
        session,
        entries.map(({ wanted }) => wanted),
      );
    });
  }

  #settle(entry: Entry, state: Omit<Subscription, 'filter'>): void {
    entry.subscription = { filter: entry.wanted.filter, ...state };
  }
}

const ONE_BY_ONE = 'The connection ended before the broker answered. It is asked for again alone.';
const NOT_AGAIN = 'The broker closes the connection over it, so it is not asked for any more.';

const FOR_NOW = 'Refused for now, though it was granted before. It is asked for again.';

const UNSPECIFIED = 0x80;

/** SUBACK codes: 0x80 is all that 3.1.1 has; 5 says more (section 3.9.3). */
function refusedReason(code: number): string {
  if (code === 0x87) return 'Refused: this sign-in may not read it.';
  if (code === 0x97) return 'Refused: the quota of this sign-in is used up.';
  if (code === 0x9e) return 'Refused: the broker has no shared subscriptions.';
  return 'Refused by the broker.';
}

/** Runs of one QoS, at most eight filters each, in order. */
function batches(filters: readonly WantedFilter[]): WantedFilter[][] {
  const result: WantedFilter[][] = [];
  for (const wanted of filters) {
    const last = result.at(-1);
    if (last && last.length < FILTERS_PER_SUBSCRIBE && last[0]?.qos === wanted.qos) last.push(wanted);
    else result.push([wanted]);
  }
  return result;
}
