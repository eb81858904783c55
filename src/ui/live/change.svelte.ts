/** Whether something comes to depend on what is read now. */
export function isTracked(): boolean {
  return $effect.tracking();
}

/** That something which was read is not so any more. */
export class Change {
  #count = $state(0);
  #isRead = false;

  /** At a root of its own: nothing comes to depend on a state that was made while it was worked out. */
  static apart(): Change {
    let change: Change | undefined;
    $effect.root(() => void (change = new Change()))();
    return change!;
  }

  /** Called by whoever reads: inside an effect or a derived value it comes to depend on what happens. */
  read(): void {
    if (!isTracked()) return;
    void this.#count;
    this.#isRead = true;
  }

  /** Costs next to nothing until it is read again. */
  happened(): void {
    if (!this.#isRead) return;
    this.#isRead = false;
    this.#count++;
  }
}
