/** The texts beside a table: each once. */
export class Texts {
  readonly list: string[] = [];
  #index = new Map<string, number>();

  /** Where a text is. */
  at(text: string): number {
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.list.length;
      this.list.push(text);
      this.#index.set(text, index);
    }
    return index;
  }
}
