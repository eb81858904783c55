import { optionalArgs, requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** A street lamp that obeys and never acknowledges: only its telemetry tells that a command arrived. */
export const lamp = {
  kind: 'lamp',
  interval: 2,
  create({ number, random }) {
    const elapsed = stopwatch();
    let on = false;
    let percent = 70;
    let standby = false;
    const fade = lag(0, 0.8);
    const wattmeter = sensor(random, { noise: 0.15, digits: 1, min: 0 });
    const sets = (value: boolean) => () => {
      on = value;
      return {};
    };
    return {
      about: {
        name: `Street lamp ${number}`,
        model: 'LED 40 W',
        location: place(number, 'Gate', 'Car park'),
        channels: {
          on: { name: 'On', kind: 'boolean' },
          level: { name: 'Brightness', unit: '%', min: 0, max: 100, precision: 0, kind: 'number' },
          w: { name: 'Power', unit: 'W', min: 0, max: 45, precision: 1, kind: 'number' },
        },
      },
      hasClock: false,
      answers: false,
      commands: [
        { name: 'on', title: 'Switch on', confirms: { channel: 'on', equals: true }, run: sets(true) },
        { name: 'off', title: 'Switch off', confirms: { channel: 'on', equals: false }, run: sets(false) },
        {
          name: 'dim',
          title: 'Dim',
          args: requiredArgs({
            percent: {
              type: 'integer',
              title: 'Brightness',
              unit: '%',
              minimum: 10,
              maximum: 100,
              default: 70,
            },
          }),
          run(args) {
            percent = Number(args.get('percent'));
            return {};
          },
        },
      ],
      config: {
        schema: optionalArgs({
          standby: { type: 'boolean', title: 'Glow when switched off', default: false },
        }),
        silent: true,
        current: () => ({ standby }),
        apply(config) {
          standby = (config.get('standby') ?? standby) === true;
        },
      },
      read(uptime) {
        const level = fade(on ? percent : standby ? 5 : 0, elapsed(uptime));
        // 0.4 W is what the controller takes in standby.
        return { on, level: Math.round(level), w: wattmeter(0.4 + 0.39 * level) };
      },
    };
  },
} satisfies DemoKind;
