import { dayCurve } from './day-curve.ts';
import { drift } from './drift.ts';
import { sensor } from './sensor.ts';

/**
 * The air of a heated room: temperature (°C) follows the afternoon, and relative humidity (%) falls when it rises, because the
 * water in the air stays about the same (near 21 °C saturation grows 6 % a kelvin: 2.5 points at 42 %).
 */
export function roomAir(
  random: () => number,
  mean: { readonly t: number; readonly h: number },
): (dt: number, hour: number) => { readonly t: number; readonly h: number } {
  const weather = drift(random, 0.5, 1800);
  const people = drift(random, 2, 2400);
  const thermometer = sensor(random, { noise: 0.015, digits: 2 });
  const hygrometer = sensor(random, { noise: 0.05, digits: 1, min: 0, max: 100 });
  return (dt, hour) => {
    const warmer = 1.2 * dayCurve(hour, 15.5) + weather(dt);
    return { t: thermometer(mean.t + warmer), h: hygrometer(mean.h - 2.5 * warmer + people(dt)) };
  };
}
