/** The default fleet: the first few are a good mix, the four that misbehave on purpose come in the second half. */
const FLEET = (
  'climate pump boiler meter truck tank machine door lamp sketch weather freezer compressor ' +
  'climate pump truck tank meter door machine climate boiler door climate'
).split(' ');

/** What a larger fleet repeats: the kinds that behave, so that a thousand devices are a load and not a thousand faults. */
const MORE = 'climate pump boiler meter truck tank machine door climate sketch'.split(' ');

/** Every kind that the fleet names, in the order of its first appearance. */
export const FLEET_KINDS: readonly string[] = [...new Set(FLEET)];

/**
 * The ids of a fleet of `n` devices, `<kind>-<number>`. They are stable: the ids of a smaller fleet are the first of a
 * larger one. `n` is a whole number from 0.
 */
export function fleetIds(n: number): string[] {
  const numbers = new Map<string, number>();
  return Array.from({ length: n }, (_, i) => {
    const kind = i < FLEET.length ? FLEET[i]! : MORE[(i - FLEET.length) % MORE.length]!;
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    return `${kind}-${number}`;
  });
}

/** Kind and number of an id made by {@link fleetIds}. */
export function kindOfId(id: string): { readonly kind: string; readonly number: number } {
  const at = id.lastIndexOf('-');
  return { kind: id.slice(0, at), number: Number(id.slice(at + 1)) };
}
