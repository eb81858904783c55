/** What comes after a pause this long was not waiting at the broker. */
const CALM_MS = 500;
/** A broker that talks without a pause is believed to have told what it held by then. */
const LONGEST_MS = 30_000;

/**
 * Tells what the broker had kept for us from what is new, at the begin of a resumed session. A broker sends what it kept
 * first and in order [MQTT-4.6.0-6], so it ends with the first retained copy that answers our SUBSCRIBE, or with the first
 * pause after it. Times are epoch ms.
 */
export class Backlog {
  readonly #from: number;
  #lastAt: number;
  #granted = false;
  #over = false;

  constructor(now: number) {
    this.#from = now;
    this.#lastAt = now;
  }

  /** The broker answered a SUBSCRIBE. */
  granted(): void {
    this.#granted = true;
  }

  /** Whether a message that comes now had been waiting at the broker. */
  holds(qos: number, retain: boolean, now: number): boolean {
    // Nothing is kept at QoS 0.
    if (this.#over || qos === 0) return false;
    const calm = now - this.#lastAt > CALM_MS || retain;
    if ((this.#granted && calm) || now - this.#from > LONGEST_MS) this.#over = true;
    this.#lastAt = now;
    return !this.#over && !retain;
  }
}
