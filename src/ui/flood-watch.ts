import type { Frame, SeriesId } from '../engine-api/frame.ts';

/** Over how long it is looked at, ms; a channel that changes more often in that time is one that changes. */
const LOOK_MS = 100;
/** So many channels change on the screen in a second before it is a flood, and so few before it is over. */
const FLOOD_FROM = 200;
const FLOOD_UNTIL = 100;

/**
 * Tells when so much changes on the screen that nobody can follow. Each drawing costs layout and painting, and then takes
 * the processor from receiving for nothing.
 */
export class FloodWatch {
  readonly #changed = new Set<SeriesId>();
  #since = -Infinity;
  #flood = false;

  /** Takes note of a frame. `now` is monotonic, ms. */
  came(frame: Frame, now: number): void {
    if (now - this.#since >= LOOK_MS) {
      const perSecond = (this.#changed.size * 1000) / (now - this.#since);
      this.#flood = perSecond >= (this.#flood ? FLOOD_UNTIL : FLOOD_FROM);
      this.#changed.clear();
      this.#since = now;
    }
    for (const series of frame.values?.series ?? []) this.#changed.add(series);
  }

  get flood(): boolean {
    return this.#flood;
  }
}
