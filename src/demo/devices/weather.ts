import { requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { dayCurve } from '../day-curve.ts';
import { drift } from '../drift.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** A weather station with bad reception: every few minutes its link breaks without a goodbye, and the will speaks for it. */
export const weather = {
  kind: 'weather',
  interval: 2,
  create({ number, random, hour, clock }) {
    const elapsed = stopwatch();
    const wind = drift(random, 1.8, 240);
    const gusts = drift(random, 1.2, 6);
    const turn = drift(random, 35, 600);
    const pressure = drift(random, 4, 7200);
    const front = drift(random, 1.5, 3600);
    const anemometer = sensor(random, { noise: 0.05, digits: 1, min: 0 });
    const vane = sensor(random, { noise: 2, digits: 0 });
    const thermometer = sensor(random, { noise: 0.03, digits: 1 });
    const hygrometer = sensor(random, { noise: 0.2, digits: 0, min: 5, max: 100 });
    const barometer = sensor(random, { noise: 0.03, digits: 1 });
    let heater = false;
    let drops = 90_000 + 90_000 * random();
    return {
      about: {
        name: `Weather station ${number}`,
        model: 'WS-80 over LTE',
        location: place(number, 'Hill', 'Reservoir'),
        channels: {
          t: { name: 'Temperature', unit: '°C', min: -30, max: 50, precision: 1, kind: 'number' },
          wind: { name: 'Wind', unit: 'm/s', min: 0, max: 40, precision: 1, kind: 'number' },
          direction: { name: 'Wind from', unit: '°', min: 0, max: 360, precision: 0, kind: 'number' },
          h: { name: 'Humidity', unit: '%', min: 0, max: 100, precision: 0, kind: 'number' },
          p: { name: 'Air pressure', unit: 'hPa', min: 950, max: 1050, precision: 1, kind: 'number' },
          heater: { name: 'Sensor heater', kind: 'boolean' },
        },
      },
      hasClock: true,
      answers: true,
      commands: [
        {
          name: 'heater',
          title: 'Switch the sensor heater',
          args: requiredArgs({ on: { type: 'boolean', title: 'On' } }),
          run(args) {
            heater = args.get('on') === true;
            return { result: { heater } };
          },
        },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        const day = dayCurve(hour(uptime), 15);
        const t = 12 + 5 * day + front(dt);
        const speed = Math.abs(4.2 + 1.2 * day + wind(dt) + gusts(dt));
        return {
          t: thermometer(t),
          wind: anemometer(speed),
          direction: (vane(250 + turn(dt)) + 720) % 360,
          h: hygrometer(68 - 3.2 * (t - 12)),
          p: barometer(1013 + pressure(dt)),
          heater,
          ts: clock(),
        };
      },
      mishap(uptime) {
        if (uptime < drops) return undefined;
        drops = uptime + 120_000 + 180_000 * random();
        return { dropFor: 8 + 17 * random() };
      },
    };
  },
} satisfies DemoKind;
