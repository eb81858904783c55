import { optionalArgs, requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { inSteps } from '../in-steps.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

const ROOM = 19;
/** °C: hotter than this it never gets, whatever is configured. */
const HOTTEST = 80;
/** Heating rate of the burner and cooling time constant of the vessel: °C/s and s. */
const HEATS = 0.3;
const COOLS = 900;

/** A hot water boiler with a two-point thermostat: the setpoint moves the temperature, by way of the burner. */
export const boiler = {
  kind: 'boiler',
  interval: 2,
  create({ number, random }) {
    const elapsed = stopwatch();
    let setpoint = 60;
    let limit = HOTTEST;
    /** °C above and below the setpoint at which the burner goes off and on. */
    let hysteresis = 2;
    let mode = 'comfort';
    let burner = false;
    let water = setpoint - hysteresis + 2 * hysteresis * random();
    const probe = lag(water, 4);
    const thermometer = sensor(random, { noise: 0.04, digits: 1 });
    const gauge = sensor(random, { noise: 0.004, digits: 2 });

    const target = () => Math.min(limit, mode === 'eco' ? setpoint - 10 : setpoint);

    function heat(dt: number): void {
      if (water <= target() - hysteresis) burner = true;
      if (water >= target() + hysteresis || mode === 'off') burner = false;
      const balance = ROOM + (burner ? HEATS * COOLS : 0);
      water = balance + (water - balance) * Math.exp(-dt / COOLS);
    }

    return {
      about: {
        name: `Boiler ${number}`,
        model: 'Therma 24 with thermostat',
        location: place(number, 'Cellar', 'Annex'),
        channels: {
          t: { name: 'Water temperature', unit: '°C', min: 0, max: 100, precision: 1, kind: 'number' },
          setpoint: { name: 'Setpoint', unit: '°C', min: 30, max: 80, precision: 0, kind: 'number' },
          burner: { name: 'Burner', kind: 'boolean' },
          pressure: { name: 'Pressure', unit: 'bar', min: 0, max: 4, precision: 2, kind: 'number' },
          mode: { name: 'Mode', kind: 'text' },
        },
      },
      hasClock: true,
      answers: true,
      commands: [
        {
          name: 'setpoint',
          title: 'Set the temperature',
          args: requiredArgs({
            value: { type: 'number', title: 'Setpoint', unit: '°C', minimum: 30, maximum: 80, default: 60 },
          }),
          run(args) {
            setpoint = Number(args.get('value'));
            return { result: { setpoint } };
          },
        },
        {
          name: 'mode',
          title: 'Choose the mode',
          args: requiredArgs({ mode: { type: 'string', title: 'Mode', enum: ['comfort', 'eco', 'off'] } }),
          run(args) {
            mode = String(args.get('mode'));
            return { result: { mode } };
          },
        },
      ],
      config: {
        schema: optionalArgs({
          limit: {
            type: 'number',
            title: 'Hottest allowed',
            unit: '°C',
            minimum: 40,
            maximum: 90,
            default: HOTTEST,
          },
          hysteresis: {
            type: 'number',
            title: 'Switching difference',
            unit: '°C',
            minimum: 0.5,
            maximum: 5,
            default: 2,
          },
        }),
        current: () => ({ limit, hysteresis }),
        apply(config) {
          // Its schema promises more than its safety valve allows; `config/reported` tells.
          limit = Math.min(HOTTEST, Number(config.get('limit') ?? limit));
          hysteresis = Number(config.get('hysteresis') ?? hysteresis);
        },
      },
      read(uptime) {
        const dt = elapsed(uptime);
        inSteps(dt, heat);
        const seen = probe(water, dt);
        return {
          t: thermometer(seen),
          setpoint,
          burner,
          pressure: gauge(1.2 + 0.008 * (seen - ROOM)),
          mode,
        };
      },
    };
  },
} satisfies DemoKind;
