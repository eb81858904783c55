/** Runs asynchronous work one piece after the other, in the order in which it was handed in. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // A piece that fails tells whoever handed it in; the next one runs all the same.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
