import { optionalArgs, requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { dayCurve } from '../day-curve.ts';
import { drift } from '../drift.ts';
import { inSteps } from '../in-steps.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

const LITRES = 12_000;
/** Per cent a second: what the inlet brings, and what people draw on average. */
const FILLS = 0.35;
const DRAINS = 0.09;

/** A water tank: drains slowly, fills when it is low, and both limits can be configured. */
export const tank = {
  kind: 'tank',
  interval: 5,
  create({ number, random, hour }) {
    const elapsed = stopwatch();
    const demand = drift(random, 0.25, 300);
    const cool = drift(random, 0.3, 3600);
    const sonar = sensor(random, { noise: 0.04, digits: 1, min: 0, max: 100 });
    const thermometer = sensor(random, { noise: 0.03, digits: 1 });
    let low = 30;
    let high = 90;
    let level = 35 + 50 * random();
    let inlet = false;
    // Where a person asked for it to be filled to, once.
    let wanted = 0;

    function flow(dt: number, use: number): void {
      if (level <= low || level < wanted) inlet = true;
      if (level >= (wanted || high)) inlet = false;
      if (level >= wanted) wanted = 0;
      level = Math.min(100, Math.max(0, level + ((inlet ? FILLS : 0) - DRAINS * use) * dt));
    }

    const percent = (title: string, value: number) =>
      ({ type: 'number', title, unit: '%', minimum: 5, maximum: 98, default: value }) as const;

    return {
      about: {
        name: `Water tank ${number}`,
        model: 'Ultrasonic level gauge UL-2',
        location: place(number, 'Roof', 'Yard'),
        channels: {
          level: { name: 'Level', unit: '%', min: 0, max: 100, precision: 1, kind: 'number' },
          volume: { name: 'Volume', unit: 'L', min: 0, max: LITRES, precision: 0, kind: 'number' },
          inlet: { name: 'Inlet valve', kind: 'boolean' },
          t: { name: 'Water temperature', unit: '°C', min: 0, max: 40, precision: 1, kind: 'number' },
        },
      },
      hasClock: false,
      answers: true,
      commands: [
        {
          name: 'fill',
          title: 'Fill the tank',
          confirm: true,
          takes: 1,
          args: requiredArgs({ to: percent('Up to', 95) }),
          run(args) {
            const to = Number(args.get('to'));
            if (to <= level) return { error: `The tank is at ${level.toFixed(1)} % already.` };
            wanted = to;
            inlet = true;
            return { result: { filling: to } };
          },
        },
      ],
      config: {
        schema: optionalArgs({ low: percent('Fill below', 30), high: percent('Stop above', 90) }),
        current: () => ({ low, high }),
        apply(config) {
          const nextLow = Number(config.get('low') ?? low);
          const nextHigh = Number(config.get('high') ?? high);
          // A pair that would switch the valve to and fro is not taken over; `config/reported` tells.
          if (nextLow + 5 > nextHigh) return;
          low = nextLow;
          high = nextHigh;
        },
      },
      read(uptime) {
        const dt = elapsed(uptime);
        const use = Math.max(0.1, 1 + 0.6 * dayCurve(hour(uptime), 18) + demand(dt));
        inSteps(dt, (step) => flow(step, use));
        const seen = sonar(level);
        return {
          level: seen,
          volume: Math.round((seen / 100) * LITRES),
          inlet,
          t: thermometer(13 + cool(dt)),
        };
      },
    };
  },
} satisfies DemoKind;
