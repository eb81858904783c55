/**
 * The filters that the broker may have in our session. A resumed session brings what was asked for in it, also by an earlier
 * page, under other settings: what nobody wants any more has to be unsubscribed, or a metered link pays for it.
 */
export class HeldFilters {
  readonly #filters: Set<string>;
  readonly #onChange: (filters: readonly string[]) => void;

  /** @param filters what an earlier page left behind */
  constructor(filters: readonly string[] = [], onChange: (filters: readonly string[]) => void = () => {}) {
    this.#filters = new Set(filters);
    this.#onChange = onChange;
  }

  /** The broker is asked for them. */
  asked(filters: readonly string[]): void {
    const before = this.#filters.size;
    for (const filter of filters) this.#filters.add(filter);
    if (this.#filters.size > before) this.#onChange([...this.#filters]);
  }

  /** The broker has said that it has them no longer. */
  gone(filters: readonly string[]): void {
    let changed = false;
    for (const filter of filters) changed = this.#filters.delete(filter) || changed;
    if (changed) this.#onChange([...this.#filters]);
  }

  /** The broker has begun a new session, with none in it. */
  begin(): void {
    this.gone([...this.#filters]);
  }

  /** Those that are not among `wanted`. */
  beside(wanted: { has(filter: string): boolean }): readonly string[] {
    return [...this.#filters].filter((filter) => !wanted.has(filter));
  }
}
