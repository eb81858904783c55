/** A value that follows its target with time constant `tau` (s): first-order lag, exact for any step `dt` (s). */
export function lag(initial: number, tau: number): (target: number, dt: number) => number {
  let value = initial;
  return (target, dt) => {
    value = target + (value - target) * Math.exp(-dt / tau);
    return value;
  };
}
