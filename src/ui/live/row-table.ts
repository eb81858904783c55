import { Change, isTracked } from './change.svelte.ts';

/**
 * Rows by key, of which something may depend on each, or on all. A SvelteMap makes two signals change with every row,
 * read or not; in a fleet of thousands all but a screenful are not.
 */
export class RowTable<Key, Row> {
  readonly #rows = new Map<Key, Row>();
  /** Of the rows that have been read where something depends on them; there or not. */
  readonly #changes = new Map<Key, Change>();
  readonly #any = new Change();

  get(key: Key): Row | undefined {
    if (isTracked()) this.#changeOf(key).read();
    return this.#rows.get(key);
  }

  values(): IterableIterator<Row> {
    this.#any.read();
    return this.#rows.values();
  }

  keys(): IterableIterator<Key> {
    this.#any.read();
    return this.#rows.keys();
  }

  set(key: Key, row: Row): void {
    this.#rows.set(key, row);
    this.#happened(key);
  }

  delete(key: Key): void {
    if (this.#rows.delete(key)) this.#happened(key);
  }

  clear(): void {
    this.#rows.clear();
    for (const change of this.#changes.values()) change.happened();
    this.#any.happened();
  }

  #happened(key: Key): void {
    this.#changes.get(key)?.happened();
    this.#any.happened();
  }

  #changeOf(key: Key): Change {
    const known = this.#changes.get(key);
    if (known) return known;
    const change = Change.apart();
    this.#changes.set(key, change);
    return change;
  }
}
