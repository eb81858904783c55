import type { Clock } from '../time/clock.ts';

/** How often the machine is looked at: a timer that comes much later than it was set says that the machine slept. */
const TICK_MS = 1_000;
const LATE_MS = 2_000;
/** What a socket gets to prove that it is not half-open. */
const VERDICT_MS = 3_000;

export interface LinkWatchOptions {
  readonly clock: Clock;
  /** A link without bytes for longer than this (ms) is silent. */
  readonly silentAfter: number;
  /** A link without bytes for so long (ms) is dead. */
  readonly deadAfter: number;
  /** When bytes last came, epoch ms. */
  readonly heardAt: () => number;
  readonly ping: () => void;
  readonly onSilent: () => void;
  /** Asked, and no byte came in time. Called once, and nothing after it. */
  readonly onDead: () => void;
}

/**
 * Watches one live session. A half-open socket looks like a quiet one: the keepalive makes sure that a good one is never
 * quiet for long, and after a sleep the socket is asked rather than trusted.
 */
export class LinkWatch {
  readonly #options: LinkWatchOptions;
  #cancelTick: () => void = () => {};
  #cancelVerdict: (() => void) | undefined;
  #verdictDue = 0;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
    this.#look();
  }

  /** The machine, the page or the network was away: pings, and gives the socket 3 s. */
  doubt(): void {
    this.#ask(VERDICT_MS);
    this.#lookForSilence();
  }

  #ask(patience: number): void {
    const { clock, ping, onDead } = this.#options;
    const due = clock.now() + patience;
    if (!this.#cancelVerdict) ping();
    else if (this.#verdictDue <= due) return;
    this.#cancelVerdict?.();
    this.#verdictDue = due;
    this.#cancelVerdict = clock.after(patience, () => {
      this.#cancelVerdict = undefined;
      // It slept again: what the broker said meanwhile may not have been read yet.
      if (isLate(clock.now(), due)) this.#ask(VERDICT_MS);
      else {
        this.stop();
        onDead();
      }
    });
  }

  /** Bytes came: whatever was doubted is there. */
  heard(): void {
    this.#cancelVerdict?.();
    this.#cancelVerdict = undefined;
  }

  stop(): void {
    this.#cancelTick();
    this.heard();
  }

  #look(): void {
    const { clock } = this.#options;
    const left = this.#lookForSilence();
    const wait = left < 0 ? TICK_MS : Math.min(TICK_MS, left + 1);
    const due = clock.now() + wait;
    this.#cancelTick = clock.after(wait, () => {
      if (isLate(clock.now(), due)) this.#ask(VERDICT_MS);
      this.#look();
    });
  }

  /** Answers the ms that are left until the link is silent; below 0 it is. */
  #lookForSilence(): number {
    const { clock, heardAt, silentAfter, deadAfter, onSilent } = this.#options;
    const silence = clock.now() - heardAt();
    const left = silentAfter - silence;
    if (left < 0) {
      onSilent();
      this.#ask(Math.max(VERDICT_MS, deadAfter - silence));
    }
    return left;
  }
}

/** Also where the clock was set: whatever was known about the last bytes is not known any more. */
function isLate(now: number, due: number): boolean {
  return Math.abs(now - due) > LATE_MS;
}
