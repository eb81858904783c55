import { setTimeout as delay } from 'node:timers/promises';

/** A broker sends what is retained right after it granted the filter; nothing tells that a message was the last one. */
const QUIET_MS = 700;

/** Waits until a broker has nothing more to say. */
export class Silence {
  #heardAt = 0;

  /** Something came. */
  broken(): void {
    this.#heardAt = Date.now();
  }

  /** Resolves when nothing has come for 700 ms from now on. */
  async falls(): Promise<void> {
    this.broken();
    while (Date.now() - this.#heardAt < QUIET_MS) await delay(QUIET_MS / 7);
  }
}
