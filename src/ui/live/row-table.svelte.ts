/** That something which was read is not so any more. */
class Change {
  #count = $state(0);
  #read = false;

  /** Called by whoever reads: inside an effect or a derived value it comes to depend on what happens. */
  read(): void {
    if (!$effect.tracking()) return;
    void this.#count;
    this.#read = true;
  }

  /** Costs next to nothing until it is read again. */
  happened(): void {
    if (!this.#read) return;
    this.#read = false;
    this.#count++;
  }
}

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
    if ($effect.tracking()) this.#changeOf(key).read();
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
    let change: Change | undefined;
    // At a root of its own: nothing comes to depend on a state that was made while it was worked out.
    $effect.root(() => void (change = new Change()))();
    this.#changes.set(key, change!);
    return change!;
  }
}
