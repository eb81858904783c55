import { optionalArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { place } from '../place.ts';
import { roomAir } from '../room-air.ts';
import { stopwatch } from '../stopwatch.ts';

/** The ESP32 climate sensor of the contract: `{"t","h","ts"}` with `ts` in ms since boot, because it has no clock. */
export const climate = {
  kind: 'climate',
  interval: 1,
  create({ number, random, hour, interval }) {
    const elapsed = stopwatch();
    const air = roomAir(random, { t: 20.5 + 2 * random(), h: 38 + 8 * random() });
    let offset = 0;
    return {
      about: {
        name: `Climate sensor ${number}`,
        model: 'ESP32 with SHT31',
        location: place(number, 'Meeting room', 'Workshop', 'Server room', 'Store'),
        interval,
        channels: {
          t: { name: 'Temperature', unit: '°C', min: -40, max: 85, precision: 2, kind: 'number' },
          h: { name: 'Humidity', unit: '%', min: 0, max: 100, precision: 1, kind: 'number' },
        },
      },
      hasClock: false,
      answers: true,
      commands: [
        {
          name: 'identify',
          title: 'Blink the lamp on the board',
          args: optionalArgs({
            seconds: { type: 'integer', title: 'Seconds', unit: 's', minimum: 1, maximum: 60, default: 5 },
          }),
          run: (args) => ({ result: { seconds: args.get('seconds') ?? 5 } }),
        },
      ],
      config: {
        schema: optionalArgs({
          offset: { type: 'number', title: 'Correction', unit: '°C', minimum: -5, maximum: 5, default: 0 },
        }),
        current: () => ({ offset }),
        apply: (wanted) => {
          offset = Number(wanted.get('offset') ?? offset);
        },
      },
      read(uptime) {
        const { t, h } = air(elapsed(uptime), hour(uptime));
        return { t: Number((t + offset).toFixed(2)), h, ts: Math.round(uptime) };
      },
    };
  },
} satisfies DemoKind;
