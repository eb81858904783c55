import type { QoS } from '../../model/qos.ts';

/** Keeps from when on nobody listened, and whether something of that time is lost. Times are epoch ms. */
export class Outage {
  /** Until when somebody listened, where nobody does now. */
  #since: number | undefined;
  /** Whether something came at QoS 0, of which nobody keeps anything in an outage; not known before the first link. */
  #hasQos0: boolean | undefined;

  /** @param since when this browser last listened, where that is known */
  constructor(since: number | undefined) {
    this.#since = since;
  }

  /** Nobody listens. */
  get lasts(): boolean {
    return this.#since !== undefined;
  }

  /** A message came. */
  received(qos: QoS, retain: boolean): void {
    if (qos === 0 && !retain) this.#hasQos0 = true;
  }

  /** The link is gone, and bytes last came at `heardAt`. Answers until when somebody listened. */
  begin(heardAt: number): number {
    return (this.#since ??= heardAt);
  }

  /**
   * The broker answered. Answers where a gap begins that ends with `end`, if there is one.
   * @param queued the broker has kept our session, with telemetry in it
   */
  gapSince(queued: boolean): number | undefined {
    const lost = !queued || this.#hasQos0 !== false;
    this.#hasQos0 ??= false;
    return lost ? this.#since : undefined;
  }

  /** The broker has granted the subscriptions again. */
  end(): void {
    this.#since = undefined;
  }
}
