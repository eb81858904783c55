import type { Field } from './form-field.ts';

/** How a number with both limits is slid. */
export interface Slider {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A number that takes any value is slid in about so many steps: a hand places it, and a keyboard comes to its end. */
const STEPS = 50;

/** The slider of a number with both limits, in steps that read well; `undefined` for any other field. */
export function sliderOf({ kind, min, max, step, secret }: Field): Slider | undefined {
  if ((kind !== 'number' && kind !== 'integer') || secret || min === undefined || max === undefined)
    return undefined;
  if (!(max > min && max - min < Infinity)) return undefined;
  if (step === undefined) return { min, max, step: kind === 'integer' ? 1 : stepOf(max - min) };
  // Steps are counted from the lower limit, which need not be one of them.
  const first = Number.isInteger(step) ? Math.ceil(min / step) * step : min;
  return first < max ? { min: first, max, step } : undefined;
}

/** 1, 2 or 5 times a power of ten, of which the width is a multiple where there is such a one. */
function stepOf(width: number): number {
  const power = Math.floor(Math.log10(width / STEPS));
  const steps = [5, 2, 1, 0.5, 0.2, 0.1].map((digit) => Number(`${digit}e${power}`));
  const few = steps.filter((step) => step <= width / STEPS);
  const whole = few.find((step) => Math.abs(width / step - Math.round(width / step)) < 1e-6);
  return whole ?? few[0] ?? width;
}
