import { gaussian } from './gaussian.ts';

/**
 * A sensor: takes the true value, adds its noise (standard deviation `noise`, in the unit of the value), keeps it within
 * `min` and `max` and rounds to its resolution of `digits` after the decimal point.
 */
export function sensor(
  random: () => number,
  options: { readonly noise: number; readonly digits: number; readonly min?: number; readonly max?: number },
): (value: number) => number {
  const { noise, digits, min = -Infinity, max = Infinity } = options;
  return (value) => {
    const seen = Math.min(max, Math.max(min, value + gaussian(random) * noise));
    // The sum turns -0, which reads like a fault on a gauge, into 0.
    return Number(seen.toFixed(digits)) + 0;
  };
}
