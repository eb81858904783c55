import type { Frame, SeriesId } from '../engine-api/frame.ts';

/** Over how long it is looked at, ms; a channel that changes more often in that time is one that changes. */
const LOOK_MS = 100;
/**
 * It begins with so many messages a second, which take a good part of a processor, of which so many channels change on
 * the screen; and is over when either is less than half of that.
 */
const MESSAGES = 5_000;
const CHANGES = 200;

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

  /** Takes note of a frame. `now` is monotonic, ms. */
  came(frame: Frame, now: number): void {
    if (now - this.#since >= LOOK_MS) this.#look(now);
    this.#received = frame.counters?.received ?? this.#received;
    // Values that are not on the screen come all at once, now and then, and are not drawn.
    if (frame.offScreen) return;
    for (const series of frame.values?.series ?? []) this.#changed.add(series);
  }

  get flood(): boolean {
    return this.#flood;
  }

  #look(now: number): void {
    const seconds = (now - this.#since) / 1000;
    const enough = this.#flood ? 0.5 : 1;
    const messages = (this.#received - this.#receivedBefore) / seconds;
    const changes = this.#changed.size / seconds;
    this.#flood = messages >= MESSAGES * enough && changes >= CHANGES * enough;
    this.#changed.clear();
    this.#receivedBefore = this.#received;
    this.#since = now;
  }
}
