import { optionalArgs, requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { inSteps } from '../in-steps.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

const DAY = 86_400_000;
const ROOM = 18;
/** Cooling time constants, s: towards the room when it stands still, and how cold the compressor could make it. */
const TAU = 2400;
const COLDEST = -60;

/** A cold store whose clock is a day ahead: its `ts` is a proper date (ISO 8601) and wrong by 24 hours. */
export const freezer = {
  kind: 'freezer',
  interval: 5,
  create({ number, random, clock }) {
    const elapsed = stopwatch();
    const thermometer = sensor(random, { noise: 0.03, digits: 1 });
    let air = -20.5 + 3 * random();
    let target = -19;
    let compressor = false;
    let defrostUntil = 0;

    function cool(dt: number, defrost: boolean): void {
      if (air > target + 1.5) compressor = true;
      if (air < target - 1.5 || defrost) compressor = false;
      const towards = defrost ? 40 : compressor ? COLDEST : ROOM;
      air = towards + (air - towards) * Math.exp(-dt / TAU);
    }

    return {
      about: {
        name: `Cold store ${number}`,
        model: 'Polaris 600',
        location: place(number, 'Kitchen'),
        channels: {
          t: { name: 'Air temperature', unit: '°C', min: -40, max: 20, precision: 1, kind: 'number' },
          compressor: { name: 'Compressor', kind: 'boolean' },
          defrost: { name: 'Defrosting', kind: 'boolean' },
        },
      },
      // It has a clock and cannot rely on it: by `exp` every command would be long expired.
      hasClock: false,
      answers: true,
      commands: [
        {
          name: 'defrost',
          title: 'Defrost',
          confirm: true,
          args: requiredArgs({
            seconds: { type: 'integer', title: 'For', unit: 's', minimum: 10, maximum: 300, default: 60 },
          }),
          run(args, uptime) {
            defrostUntil = uptime + Number(args.get('seconds')) * 1000;
            return { result: { seconds: args.get('seconds') ?? 0 } };
          },
        },
      ],
      config: {
        schema: optionalArgs({
          target: { type: 'number', title: 'Keep at', unit: '°C', minimum: -30, maximum: -10, default: -19 },
        }),
        // Its controller looks for new settings once in a while.
        takes: 6,
        current: () => ({ target }),
        apply(config) {
          target = Number(config.get('target') ?? target);
        },
      },
      read(uptime) {
        const dt = elapsed(uptime);
        const defrost = uptime < defrostUntil;
        inSteps(dt, (step) => cool(step, defrost));
        return { t: thermometer(air), compressor, defrost, ts: new Date(clock() + DAY).toISOString() };
      },
    };
  },
} satisfies DemoKind;
