import { requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { drift } from '../drift.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** Pressure of the standing water column, bar. */
const STATIC_HEAD = 0.3;

/** A circulation pump behind a relay. Flow goes with speed, pressure with its square, power with its cube (affinity laws). */
export const pump = {
  kind: 'pump',
  interval: 1,
  create({ number, random }) {
    const elapsed = stopwatch();
    const demand = drift(random, 0.06, 120);
    // Every second pump of a fleet is a standby pump: it stands still until somebody starts it.
    let relay = number % 2 === 1;
    let percent = 80;
    const turn = lag(relay ? 0.8 : 0, 1.5);
    const warm = lag(relay ? 42 : 21, 600);
    const gauge = sensor(random, { noise: 0.008, digits: 2, min: 0 });
    const flowMeter = sensor(random, { noise: 0.12, digits: 1, min: 0 });
    const clamp = sensor(random, { noise: 0.015, digits: 2, min: 0 });
    const thermometer = sensor(random, { noise: 0.05, digits: 1 });
    return {
      about: {
        name: `Pump ${number}`,
        model: 'CP 10 with relay board',
        location: place(number, 'Plant room', 'Plant room, standby', 'Well house', 'Well house, standby'),
        channels: {
          relay: { name: 'Relay', kind: 'boolean' },
          pressure: { name: 'Pressure', unit: 'bar', min: 0, max: 6, precision: 2, kind: 'number' },
          flow: { name: 'Flow', unit: 'L/min', min: 0, max: 60, precision: 1, kind: 'number' },
          current: { name: 'Current', unit: 'A', min: 0, max: 10, precision: 2, kind: 'number' },
          motor: { name: 'Motor temperature', unit: '°C', min: 0, max: 120, precision: 1, kind: 'number' },
        },
      },
      hasClock: true,
      answers: true,
      commands: [
        {
          name: 'relay',
          title: 'Switch the relay',
          confirm: true,
          takes: 0.3,
          args: requiredArgs({ on: { type: 'boolean', title: 'On' } }),
          run(args) {
            relay = args.get('on') === true;
            return { result: { relay } };
          },
        },
        {
          name: 'speed',
          title: 'Set the speed',
          args: requiredArgs({
            percent: { type: 'integer', title: 'Speed', unit: '%', minimum: 20, maximum: 100, default: 80 },
          }),
          run(args) {
            percent = Number(args.get('percent'));
            return { result: { percent } };
          },
        },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        const speed = turn(relay ? percent / 100 : 0, dt);
        const open = 1 + demand(dt);
        const flow = speed < 0.02 ? 0 : flowMeter(48 * speed * open);
        const current = speed < 0.02 ? 0 : clamp(0.6 + 6.2 * speed ** 3 * open);
        return {
          relay,
          pressure: gauge(STATIC_HEAD + (4.4 * speed ** 2) / open),
          flow,
          current,
          motor: thermometer(warm(21 + 42 * speed ** 3, dt)),
        };
      },
    };
  },
} satisfies DemoKind;
