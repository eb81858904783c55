interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: Error) => void;
}

/** The calls that the engine has not answered yet, by id. */
export class PendingCalls {
  #byId = new Map<number, Pending>();
  #lastId = 0;

  /** A new call: `post` is given its id; the promise is what {@link answer} or {@link fail} makes of it. */
  begin<Answer>(post: (id: number) => void): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#byId.set(id, { resolve, reject });
      post(id);
    });
  }

  /** The engine answered. Each call is answered once; an id that is not waiting is left alone. */
  answer(id: number, value: unknown): void {
    this.#take(id)?.resolve(value as never);
  }

  fail(id: number, reason: Error): void {
    this.#take(id)?.reject(reason);
  }

  /** Nothing will be answered any more. */
  failAll(reason: Error): void {
    for (const id of [...this.#byId.keys()]) this.fail(id, reason);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#byId.get(id);
    this.#byId.delete(id);
    return pending;
  }
}
