import type { Clock } from '../time/clock.ts';

/** Mosquitto holds back the 21st message of a client that acknowledges none, unless it is told otherwise. */
const MOST_WAITING = 16;
const LONGEST_WAIT_MS = 50;
/** For what is not stored: a snapshot of thousands leaves in frames of many acknowledgements instead of one each. */
const GATHER_MS = 4;

/**
 * Tells the broker that it may forget a QoS 1 message once that is on disk: what it hands over is stored here or comes
 * again. One flush serves all that wait, in the order in which they came.
 *
 * A flush that could not be stored acknowledges as well. Not to would stop the broker at its window of messages in flight,
 * so that a browser with a full disk would show nothing any more; and sending again makes no room. What was not kept is
 * counted as such.
 */
export class Acknowledgements {
  readonly #clock: Clock;
  readonly #flush: () => Promise<void>;
  #waiting: (() => void)[] = [];
  /** Something that waits has to be stored. */
  #stores = false;
  #flushing = false;
  #stopped = false;
  #cancel: (() => void) | undefined;

  /** @param flush answers when everything taken so far is durable or given up; never rejects */
  constructor(clock: Clock, flush: () => Promise<void>) {
    this.#clock = clock;
    this.#flush = flush;
  }

  /**
   * Acknowledges a message when the time has come.
   * @param stores false for one that the broker keeps itself and sends again on the next link: a retained copy
   */
  take(acknowledge: () => void, stores: boolean): void {
    this.#waiting.push(acknowledge);
    this.#stores ||= stores;
    this.#schedule();
  }

  /** Acknowledges nothing more: another tab may lead, and what is refused here by its term is the broker's to send again. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting = [];
  }

  #schedule(): void {
    if (this.#stopped || this.#flushing || this.#waiting.length === 0) return;
    if (this.#waiting.length >= MOST_WAITING) void this.#settle();
    else {
      const wait = this.#stores ? LONGEST_WAIT_MS : GATHER_MS;
      this.#cancel ??= this.#clock.after(wait, () => void this.#settle());
    }
  }

  async #settle(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const settled = this.#waiting;
    const stores = this.#stores;
    this.#waiting = [];
    this.#stores = false;
    if (stores) {
      this.#flushing = true;
      await this.#flush();
    }
    if (this.#stopped) return;
    for (const acknowledge of settled) acknowledge();
    this.#flushing = false;
    this.#schedule();
  }
}
