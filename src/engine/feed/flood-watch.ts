import type { SeriesId } from '../../engine-api/frame.ts';

/** Over how long it is looked at, ms, at least; a channel that changes more often in that time is one that changes. */
const LOOK_MS = 100;
/**
 * It begins with so many messages a second, which take a good part of a processor, while so many channels change on the
 * screen; and is over when either is less than half of that.
 */
const MESSAGES = 5_000;
const CHANGED = 20;

/**
 * Tells when so much comes, and so much of it changes on the screen, that nobody can follow. Each drawing costs layout and
 * painting, and then takes the processor from receiving for nothing.
 */
export class FloodWatch {
  readonly #changed = new Set<SeriesId>();
  #received = 0;
  #receivedBefore = 0;
  #since = -Infinity;
  #flood = false;
  #whole = true;

  /**
   * Takes note of what is told: these channels on the screen have new values, after so many messages in all. `now` is
   * monotonic, ms; `whole` is false where the rest of the screen follows.
   */
  told(changed: Iterable<SeriesId>, received: number, now: number, whole = true): void {
    if (this.#whole && now - this.#since >= LOOK_MS) this.#look(now);
    this.#whole = whole;
    this.#received = received;
    for (const series of changed) this.#changed.add(series);
  }

  get flood(): boolean {
    return this.#flood;
  }

  #look(now: number): void {
    const seconds = (now - this.#since) / 1000;
    const enough = this.#flood ? 0.5 : 1;
    const messages = (this.#received - this.#receivedBefore) / seconds;
    this.#flood = messages >= MESSAGES * enough && this.#changed.size >= CHANGED * enough;
    this.#changed.clear();
    this.#receivedBefore = this.#received;
    this.#since = now;
  }
}
