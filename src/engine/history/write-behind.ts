import type { TelltaleDatabase } from '../../storage/schema.ts';

export interface WriteBehindOptions<T> {
  /** `undefined` while there is no store. */
  readonly db: () => TelltaleDatabase | undefined;
  /** One transaction. What it rejects with is dropped: the records of it are lost. */
  readonly write: (db: TelltaleDatabase, records: readonly T[]) => Promise<void>;
  readonly keyOf: (record: T) => string;
  /** How many are kept without a store; the oldest go first. */
  readonly keptInMemory: number;
}

/** Records that are written soon after they are noted, in the order of noting; without a store they last as long as the page. */
export class WriteBehind<T> {
  readonly #options: WriteBehindOptions<T>;
  readonly #noted = new Map<string, T>();
  readonly #memory = new Map<string, T>();
  #writing: Promise<void> | undefined;

  constructor(options: WriteBehindOptions<T>) {
    this.#options = options;
  }

  /** What is kept without a store, in the order in which it was first noted. */
  get memory(): readonly T[] {
    return [...this.#memory.values()];
  }

  /** Takes the place of a record with the same key. */
  note(record: T): void {
    this.#noted.set(this.#options.keyOf(record), record);
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Answers when what was noted is written, or could not be. Never rejects. */
  async rest(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Keeps them without a store. */
  remember(records: readonly T[]): void {
    const { keyOf, keptInMemory } = this.#options;
    for (const record of records) this.#memory.set(keyOf(record), record);
    for (const key of this.#memory.keys()) {
      if (this.#memory.size <= keptInMemory) return;
      this.#memory.delete(key);
    }
  }

  async #write(): Promise<void> {
    // What is noted in one turn is one transaction.
    await Promise.resolve();
    while (this.#noted.size > 0) {
      const records = [...this.#noted.values()];
      this.#noted.clear();
      const db = this.#options.db();
      if (db === undefined) this.remember(records);
      else await this.#options.write(db, records).catch(() => {});
    }
  }
}
