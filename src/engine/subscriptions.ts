import type { Subscription } from '../engine-api/link.ts';
import type { QoS, WantedFilter } from '../model/convention.ts';
import { isValidFilter } from '../model/topic.ts';
import type { Session } from './connection/session.ts';

/** AWS IoT Core takes no more in one SUBSCRIBE; others do not mind. */
const FILTERS_PER_SUBSCRIBE = 8;
/** A convention learns filters from messages, and messages are hostile. */
const MAX_FILTERS = 10_000;

interface Entry {
  readonly wanted: WantedFilter;
  subscription: Subscription;
}

/** The list of what is wanted from the broker, asked for again at every CONNACK, and what the broker made of it. */
export class Subscriptions {
  #entries = new Map<string, Entry>();
  #session: Session | undefined;
  #onChange: () => void;
  #unanswered = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
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
      this.#onChange();
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
    this.#onChange();
  }

  /**
   * Asks for everything on a new session: status, meta and config come back retained, which a resumed session would
   * not bring. Resolves when the broker has answered.
   */
  async live(session: Session): Promise<void> {
    this.#session = session;
    await this.#ask(
      session,
      [...this.#entries.values()].map((entry) => entry.wanted),
    );
  }

  /** The session is over: nothing is granted any more. */
  down(): void {
    this.#session = undefined;
    for (const entry of this.#entries.values()) {
      if (entry.subscription.state !== 'refused') this.#settle(entry, { state: 'asked' });
    }
    this.#onChange();
  }

  async #ask(session: Session, filters: readonly WantedFilter[]): Promise<void> {
    // State first: the fleet fills from it before telemetry comes.
    const ordered = [
      ...filters.filter((f) => f.carries === 'state'),
      ...filters.filter((f) => f.carries !== 'state'),
    ];
    await Promise.all(batches(ordered).map((batch) => this.#askBatch(session, batch)));
    this.#onChange();
  }

  async #askBatch(session: Session, batch: readonly WantedFilter[]): Promise<void> {
    const qos = batch[0]?.qos ?? 0;
    let codes: readonly number[] | undefined;
    this.#unanswered++;
    try {
      codes = await session.subscribe(
        batch.map((wanted) => wanted.filter),
        qos,
      );
    } catch {
      // The session ended before the answer (RabbitMQ refuses that way): the whole batch is without one.
    }
    this.#unanswered--;
    // What an old session says late is not about the new one.
    if (this.#session && this.#session !== session) return;
    batch.forEach((wanted, i) => {
      const entry = this.#entries.get(wanted.filter);
      if (!entry) return;
      const code = codes?.[i];
      if (code === undefined) this.#settle(entry, { state: 'closed', reason: CLOSED });
      else if (code >= 0x80) this.#settle(entry, { state: 'refused', reason: refusedReason(code) });
      else this.#settle(entry, { state: 'granted', qos: code as QoS });
    });
  }

  #settle(entry: Entry, state: Omit<Subscription, 'filter'>): void {
    entry.subscription = { filter: entry.wanted.filter, ...state };
  }
}

const CLOSED = 'The connection ended before the broker answered.';

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
