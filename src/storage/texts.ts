import { Kind, type Table } from '../model/table.ts';

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

/** A table whose cells point into `to` instead of `from`. */
export function withTexts(table: Table, from: readonly string[], to: Texts): Table {
  const columns = table.columns.map((column) => {
    const { kinds, number } = column;
    if (kinds === Kind.number || kinds === Kind.boolean) return column;
    const isText = (i: number) => (typeof kinds === 'number' ? kinds : kinds[i]) === Kind.text;
    return { ...column, number: number.map((value, i) => (isText(i) ? to.at(from[value]!) : value)) };
  });
  return { ...table, columns };
}
