export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/** The smallest and largest of some values; `Infinity` and `-Infinity` of none. */
export function extremes(values: Float64Array): Extremes {
  return { min: smallest(values), max: largest(values) };
}

// A loop each and nothing behind it: V8 enters a long loop with code that was made before anything behind it had run, and
// throws that away at the end, call after call.

function smallest(values: Float64Array): number {
  let min = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! < min) min = values[i]!;
  return min;
}

function largest(values: Float64Array): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!;
  return max;
}
