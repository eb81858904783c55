/** Waits for what a test expects, looking again after each change that it is told of. */
export class Changes {
  readonly #waiting = new Set<() => void>();
  readonly #state: () => string;

  /** @param state what is to be known when something is waited for in vain, as a sentence */
  constructor(state: () => string = () => '') {
    this.#state = state;
  }

  /** Something changed. */
  readonly changed = (): void => {
    for (const check of [...this.#waiting]) check();
  };

  /** Resolves with the first truthy answer of `look`. */
  until<Found>(what: string, look: () => Found | undefined | false, ms = 5_000): Promise<Found> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`Waited ${ms} ms in vain for: ${what}. ${this.#state()}`));
      }, ms);
      const check = () => {
        const found = look();
        if (found === undefined || found === false) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }
}
