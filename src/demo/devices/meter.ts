import type { DemoKind, Telemetry } from '../demo-device.ts';
import { dayCurve } from '../day-curve.ts';
import { drift } from '../drift.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

const PHASES = ['l1', 'l2', 'l3'] as const;

/** A three-phase energy meter: one object per phase, a total that only grows, and `ts` in epoch ms. */
export const meter = {
  kind: 'meter',
  interval: 1,
  create({ number, random, hour, clock }) {
    const elapsed = stopwatch();
    const grid = drift(random, 1.2, 90);
    const frequency = drift(random, 0.015, 20);
    const loads = PHASES.map(() => ({
      base: 4 + 6 * random(),
      sag: drift(random, 0.4, 30),
      use: drift(random, 1.6, 60),
    }));
    const volts = sensor(random, { noise: 0.05, digits: 1 });
    const amps = sensor(random, { noise: 0.01, digits: 2, min: 0 });
    const hertz = sensor(random, { noise: 0.002, digits: 2 });
    let kwh = 12_000 + 30_000 * random();
    let peak = 0;
    const phase = (n: number) => ({
      [`l${n}.v`]: {
        name: `Voltage L${n}`,
        unit: 'V',
        min: 190,
        max: 260,
        precision: 1,
        kind: 'number' as const,
      },
      [`l${n}.a`]: {
        name: `Current L${n}`,
        unit: 'A',
        min: 0,
        max: 63,
        precision: 2,
        kind: 'number' as const,
      },
      [`l${n}.w`]: {
        name: `Power L${n}`,
        unit: 'W',
        min: 0,
        max: 15_000,
        precision: 0,
        kind: 'number' as const,
      },
    });
    return {
      about: {
        name: `Energy meter ${number}`,
        model: 'EM-3, three-phase',
        location: place(number, 'Main distribution', 'Hall 2'),
        channels: {
          w: { name: 'Power', unit: 'W', min: 0, max: 45_000, precision: 0, kind: 'number' },
          kwh: { name: 'Energy', unit: 'kWh', min: 0, precision: 3, kind: 'number' },
          peak: { name: 'Peak power', unit: 'W', min: 0, max: 45_000, precision: 0, kind: 'number' },
          hz: { name: 'Frequency', unit: 'Hz', min: 49, max: 51, precision: 2, kind: 'number' },
          ...phase(1),
          ...phase(2),
          ...phase(3),
        },
      },
      hasClock: true,
      answers: true,
      commands: [
        {
          name: 'reset-peak',
          title: 'Forget the peak power',
          confirm: true,
          run() {
            peak = 0;
            return {};
          },
        },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        const shift = 1 + 0.45 * dayCurve(hour(uptime), 13);
        const common = 231 + grid(dt);
        let w = 0;
        const phases: [string, Telemetry][] = loads.map((load, i) => {
          const v = volts(common + load.sag(dt));
          const a = amps(Math.max(0.2, load.base * shift + load.use(dt)));
          // 0.94: the power factor of a hall with some motors in it.
          const power = Math.round(v * a * 0.94);
          w += power;
          return [PHASES[i]!, { v, a, w: power }];
        });
        kwh += (w * dt) / 3_600_000;
        peak = Math.max(peak, w);
        return {
          w,
          kwh: Number(kwh.toFixed(3)),
          peak,
          hz: hertz(50 + frequency(dt)),
          ...Object.fromEntries(phases),
          ts: clock(),
        };
      },
    };
  },
} satisfies DemoKind;
