import type { Clock } from '../time/clock.ts';

/** How long after the broker granted the subscriptions a retained message may be on its way. */
const ON_ITS_WAY_MS = 5_000;

/**
 * When what is retained has come, if there is any: MQTT has no message that says that all of it is there. Begins with the
 * granting of the subscriptions.
 */
export class RetainedWait {
  readonly #clock: Clock;
  readonly #onCome: () => void;
  #isOver = false;
  #cancel: (() => void) | undefined;
  #waiting: ((hasCome: boolean) => void)[] = [];

  /** @param onCome what is retained has come */
  constructor(clock: Clock, onCome: () => void = () => {}) {
    this.#clock = clock;
    this.#onCome = onCome;
  }

  /** What has not come by now is not there. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The subscriptions were granted, or more is asked for: the time begins anew. */
  begin(): void {
    this.#cancel?.();
    this.#isOver = false;
    this.#cancel = this.#clock.after(ON_ITS_WAY_MS, () => {
      this.#isOver = true;
      this.#onCome();
      this.#answer(true);
    });
  }

  /** There is no link, or nobody waits any more. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isOver = false;
    this.#answer(false);
  }

  /** Resolves when what is retained has come; with `false` where nothing is asked for, or the link ends before. */
  async come(): Promise<boolean> {
    if (this.#isOver || !this.#cancel) return this.#isOver;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #answer(hasCome: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(hasCome);
  }
}
