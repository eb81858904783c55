/** A smooth day: 1 at `peak` (hour of the day), -1 twelve hours away from it. */
export function dayCurve(hour: number, peak: number): number {
  return Math.cos(((hour - peak) / 12) * Math.PI);
}
