/** The place of the `number`-th device (from 1) of a kind; a larger fleet uses the places again. */
export function place(number: number, ...places: readonly [string, ...string[]]): string {
  return places[(number - 1) % places.length]!;
}
