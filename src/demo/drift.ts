import { gaussian } from './gaussian.ts';

/**
 * A value that wanders around 0: an Ornstein-Uhlenbeck process with standard deviation `spread` and correlation time `tau`
 * (s), in its exact discretisation, so that a step of any length `dt` (s) is right.
 */
export function drift(random: () => number, spread: number, tau: number): (dt: number) => number {
  let value = gaussian(random) * spread;
  return (dt) => {
    const kept = Math.exp(-dt / tau);
    value = value * kept + spread * Math.sqrt(1 - kept * kept) * gaussian(random);
    return value;
  };
}
