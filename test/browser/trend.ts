/** A line through measured points (least squares), and how far the points are from it. */
export interface Trend {
  /** How much the line rises from the first point to the last. */
  readonly rise: number;
  /** Twice the standard error of that rise: what noise of this size makes of a flat line, 19 times of 20. */
  readonly noise: number;
}

/** `values` were measured at an even pace; at least three. */
export function trendOf(values: readonly number[]): Trend {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [xx, xy] = [0, 0];
  for (const [i, value] of values.entries()) {
    xx += (i - middle) ** 2;
    xy += (i - middle) * (value - mean);
  }
  const slope = xy / xx;
  const squares = values.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0);
  const error = Math.sqrt(squares / (n - 2) / xx);
  return { rise: slope * (n - 1), noise: 2 * error * (n - 1) };
}
