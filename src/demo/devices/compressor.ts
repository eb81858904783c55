import { requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { drift } from '../drift.ts';
import { inSteps } from '../in-steps.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** bar below the setpoint at which it loads again, and bar/s that it brings and that the workshop takes. */
const BAND = 0.8;
const BRINGS = 0.09;
const TAKES = 0.035;

/** An air compressor whose firmware sends a line that was cut off every minute, beside good telemetry. */
export const compressor = {
  kind: 'compressor',
  interval: 1,
  create({ number, random }) {
    const elapsed = stopwatch();
    const use = drift(random, 0.3, 40);
    const warm = lag(70, 180);
    const gauge = sensor(random, { noise: 0.008, digits: 2, min: 0 });
    const thermometer = sensor(random, { noise: 0.06, digits: 1 });
    let setpoint = 8;
    let bar = setpoint - BAND * random();
    let loaded = false;
    let brokenAt = 0;

    function compress(dt: number, demand: number): void {
      if (bar <= setpoint - BAND) loaded = true;
      if (bar >= setpoint) loaded = false;
      bar = Math.max(0, bar + ((loaded ? BRINGS : 0) - TAKES * demand) * dt);
    }

    return {
      about: {
        name: `Air compressor ${number}`,
        model: 'SK 22, firmware 0.9',
        location: place(number, 'Compressor room'),
        channels: {
          pressure: { name: 'Pressure', unit: 'bar', min: 0, max: 12, precision: 2, kind: 'number' },
          setpoint: { name: 'Setpoint', unit: 'bar', min: 5, max: 10, precision: 1, kind: 'number' },
          loaded: { name: 'Loaded', kind: 'boolean' },
          oil: { name: 'Oil temperature', unit: '°C', min: 0, max: 120, precision: 1, kind: 'number' },
        },
      },
      hasClock: false,
      answers: true,
      commands: [
        {
          name: 'setpoint',
          title: 'Set the pressure',
          confirm: true,
          args: requiredArgs({
            bar: { type: 'number', title: 'Pressure', unit: 'bar', minimum: 5, maximum: 10, default: 8 },
          }),
          run(args) {
            setpoint = Number(args.get('bar'));
            return { result: { setpoint } };
          },
        },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        const demand = Math.max(0.1, 1 + use(dt));
        inSteps(dt, (step) => compress(step, demand));
        return { pressure: gauge(bar), setpoint, loaded, oil: thermometer(warm(loaded ? 84 : 66, dt)) };
      },
      mishap(uptime, payload) {
        if (uptime - brokenAt < 60_000) return undefined;
        brokenAt = uptime;
        return { send: payload.slice(0, Math.ceil(payload.length / 2)) };
      },
    };
  },
} satisfies DemoKind;
