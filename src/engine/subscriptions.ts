import type { Subscription } from '../engine-api/link.ts';
import type { QoS, WantedFilter } from '../model/convention.ts';
import type { BrokerTruth } from '../model/broker-truth.ts';
import { isValidFilter } from '../model/topic.ts';
import type { Clock } from './clock.ts';
import type { Ending } from './connection/refusal.ts';
import type { Session } from './connection/session.ts';

/** AWS IoT Core takes no more in one SUBSCRIBE; others do not mind. */
const FILTERS_PER_SUBSCRIBE = 8;
/** A convention learns filters from messages, and messages are hostile. */
const MAX_FILTERS = 10_000;

/** A broker that denies by closing closes at once; a link that is lost later was lost for another reason. */
const CLOSES_WITHIN_MS = 2_500;

interface Entry {
  readonly wanted: WantedFilter;
  subscription: Subscription;
  /** The broker closed the connection while it was asked: asked for alone next time, and then not any more. */
  closing?: 'suspected' | 'sure';
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
    for (let i = 0; i < known.length; i += FILTERS_PER_SUBSCRIBE) {
      // An unanswered UNSUBSCRIBE is settled by the end of its session.
      this.#session?.unsubscribe(known.slice(i, i + FILTERS_PER_SUBSCRIBE)).catch(() => {});
    }
    this.#options.onChange();
  }

  /**
   * Asks for everything on a new session: status, meta and config come back retained, which a resumed session would
   * not bring. What the broker may have closed the last one over is asked for after the rest, one at a time. Resolves when
   * the broker has answered.
   */
  async live(session: Session): Promise<void> {
    this.#session = session;
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
    for (const entry of this.#entries.values()) {
      if (entry.subscription.state !== 'refused' && entry.closing !== 'sure')
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
    if (code < 0x80) {
      this.#settle(entry, { state: 'granted', qos: code as QoS });
      return;
    }
    const before = entry.subscription.state;
    this.#settle(entry, { state: 'refused', reason: refusedReason(code) });
    // The same refusal again, after each new link, is no news.
    if (before !== 'refused') this.#options.onRefused?.(entry.subscription, code);
  }

  #settle(entry: Entry, state: Omit<Subscription, 'filter'>): void {
    entry.subscription = { filter: entry.wanted.filter, ...state };
  }
}

const ONE_BY_ONE = 'The connection ended before the broker answered. It is asked for again alone.';
const NOT_AGAIN = 'The broker closes the connection over it, so it is not asked for any more.';

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
