import { requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { drift } from '../drift.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** mm/s RMS above which a machine of this size is damaged by going on (ISO 10816-3, zone D of group 2, rigid). */
const TOO_MUCH = 4.5;
const IMBALANCE = 4.2;

/** A milling machine with a vibration guard: now and then a tool runs out of true, and the alarm stays until it is reset. */
export const machine = {
  kind: 'machine',
  interval: 1,
  create({ number, random }) {
    const elapsed = stopwatch();
    const rough = drift(random, 0.12, 20);
    const load = drift(random, 12, 15);
    let running = true;
    let alarm = false;
    let from = 90_000 + 240_000 * random();
    let until = from + 30_000;
    const turn = lag(1480, 2.5);
    const shake = lag(1.4, 3);
    const warm = lag(48, 240);
    const tacho = sensor(random, { noise: 1.5, digits: 0, min: 0 });
    const accelerometer = sensor(random, { noise: 0.04, digits: 2, min: 0 });
    const thermometer = sensor(random, { noise: 0.05, digits: 1 });
    let vibration = 1.4;
    return {
      about: {
        name: `Milling machine ${number}`,
        model: 'VMC 650 with guard VG-1',
        location: place(number, 'Hall 1', 'Hall 2'),
        channels: {
          vibration: { name: 'Vibration', unit: 'mm/s', min: 0, max: 10, precision: 2, kind: 'number' },
          alarm: { name: 'Vibration alarm', kind: 'boolean' },
          rpm: { name: 'Spindle', unit: 'rpm', min: 0, max: 3000, precision: 0, kind: 'number' },
          bearing: {
            name: 'Bearing temperature',
            unit: '°C',
            min: 0,
            max: 120,
            precision: 1,
            kind: 'number',
          },
          state: { name: 'State', kind: 'text' },
        },
      },
      hasClock: true,
      answers: true,
      commands: [
        {
          name: 'reset-alarm',
          title: 'Reset the vibration alarm',
          confirms: { channel: 'alarm', equals: false },
          run() {
            if (vibration > TOO_MUCH) return { error: `Vibration is still ${vibration.toFixed(1)} mm/s.` };
            alarm = false;
            return { result: { alarm } };
          },
        },
        {
          name: 'run',
          title: 'Start or stop the spindle',
          confirm: true,
          takes: 0.5,
          args: requiredArgs({ on: { type: 'boolean', title: 'Running' } }),
          run(args) {
            if (args.get('on') === true && alarm)
              return { error: 'The vibration alarm must be reset first.' };
            running = args.get('on') === true;
            return { result: { running } };
          },
        },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        if (uptime > until) {
          from = uptime + 240_000 + 360_000 * random();
          until = from + 20_000 + 20_000 * random();
        }
        const speed = turn(running ? 1480 + load(dt) : 0, dt);
        const out = running && uptime >= from && uptime <= until ? IMBALANCE : 0;
        vibration = shake((1.4 + rough(dt) + out) * (speed / 1480) ** 2, dt);
        if (vibration > TOO_MUCH) alarm = true;
        return {
          vibration: accelerometer(vibration),
          alarm,
          rpm: speed < 5 ? 0 : tacho(speed),
          bearing: thermometer(warm(22 + 22 * (speed / 1480) + 3 * vibration, dt)),
          state: running ? 'running' : 'stopped',
        };
      },
    };
  },
} satisfies DemoKind;
