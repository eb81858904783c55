import type { Ending } from './refusal.ts';

const WINDOW_MS = 5 * 60_000;
const CLOSINGS = 3;
/**
 * Two clients that throw each other off wait one reconnect delay in between: 10 s at most for two of our own. A link that
 * lasts longer, as on a phone that changes from one network to the next, was not thrown off.
 */
const SOON_MS = 10_000;
/** An endpoint that answers at once does so within this time; after a change of networks it seldom does. */
const AT_ONCE_MS = 2_000;

const SUSPECTED: Ending = {
  cause: 'taken-over',
  reason:
    'The broker closed the connection three times within five minutes, each time soon after it had let this page in. ' +
    'Another client probably uses the same client id, so this page stopped instead of throwing it off.',
  retry: false,
};

/**
 * Finds out that another client uses our id where the broker does not say so (reason 0x8E is MQTT 5 only, and Mosquitto
 * 2.0 sends it to nobody): three closings without cause within five minutes, each soon after a CONNACK, with an endpoint
 * that answered the first attempt at once in between. Times are epoch ms.
 */
export class TakeoverSuspicion {
  #closings: number[] = [];

  /** A link that was made at `liveSince` was closed without a cause. Answers the ending to stop with, when it is time. */
  closed(liveSince: number, now: number): Ending | undefined {
    if (now - liveSince >= SOON_MS) {
      this.clear();
      return undefined;
    }
    this.#closings = [...this.#closings.filter((at) => now - at < WINDOW_MS), now];
    return this.#closings.length >= CLOSINGS ? SUSPECTED : undefined;
  }

  /** An attempt that was begun at `since` was answered. */
  answered(since: number, now: number): void {
    if (now - since > AT_ONCE_MS) this.clear();
  }

  /** The endpoint was not reachable: what closed the connections before was not another client. */
  clear(): void {
    this.#closings = [];
  }
}
