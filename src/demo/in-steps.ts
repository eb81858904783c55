/** However long nobody asked, a process is not followed in more steps than this. */
const MOST_STEPS = 600;

/** Follows a process with a switch in it over `dt` (s): second by second, so that the switch moves in time. */
export function inSteps(dt: number, step: (dt: number) => void): void {
  const length = Math.max(1, dt / MOST_STEPS);
  for (let left = dt; left > 0; left -= length) step(Math.min(length, left));
}
