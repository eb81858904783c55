import { requiredArgs } from '../check-args.ts';
import type { DemoKind } from '../demo-device.ts';
import { driveRoute } from '../drive-route.ts';
import { drift } from '../drift.ts';
import { inSteps } from '../in-steps.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** A round through the inner city of Bremen, latitude and longitude; the depot comes first. */
const ROUND = [
  [53.0931, 8.7885],
  [53.0898, 8.7961],
  [53.0853, 8.8032],
  [53.0806, 8.8079],
  [53.0752, 8.8072],
  [53.0718, 8.8149],
  [53.0751, 8.8247],
  [53.0807, 8.8291],
  [53.0858, 8.8214],
  [53.0889, 8.8119],
  [53.0936, 8.8017],
] as const;

/** Metres around the depot in which it loads, s that it stays, and km that a full battery lasts. */
const DEPOT = 25;
const STOPS_FOR = 45;
const RANGE_KM = 90;

/** An electric delivery truck on its round: position, speed and heading belong together; `ts` is epoch seconds, as GPS gives it. */
export const truck = {
  kind: 'truck',
  interval: 1,
  create({ number, random, clock }) {
    const elapsed = stopwatch();
    const route = driveRoute(ROUND);
    const traffic = drift(random, 9, 25);
    const pedal = lag(0, 4);
    const latitude = sensor(random, { noise: 0.000005, digits: 6 });
    const longitude = sensor(random, { noise: 0.000008, digits: 6 });
    const speedometer = sensor(random, { noise: 0.3, digits: 1, min: 0 });
    const thermometer = sensor(random, { noise: 0.1, digits: 1 });
    const warm = lag(24, 900);
    let limit = 50;
    let metres = route.length * random();
    let battery = 60 + 35 * random();
    let waits = 0;
    let speed = 0;

    function drive(dt: number, flowing: number): void {
      waits = Math.max(0, waits - dt);
      speed = pedal(waits > 0 ? 0 : Math.min(limit, flowing), dt);
      const before = metres;
      metres = (metres + (speed / 3.6) * dt) % route.length;
      const arrived = metres < before || (before > DEPOT && route.length - metres < DEPOT);
      if (arrived && waits === 0) {
        waits = STOPS_FOR;
        metres = 0;
      }
      battery -= (100 / RANGE_KM) * ((speed / 3600) * dt);
      if (waits > 0) battery += 0.15 * dt;
      battery = Math.min(100, Math.max(1, battery));
    }

    return {
      about: {
        name: `Truck ${number}`,
        model: 'Electric truck with GPS tracker',
        location: place(number, 'Round A', 'Round B', 'Round C'),
        channels: {
          speed: { name: 'Speed', unit: 'km/h', min: 0, max: 90, precision: 1, kind: 'number' },
          battery: { name: 'Battery', unit: '%', min: 0, max: 100, precision: 1, kind: 'number' },
          heading: { name: 'Heading', unit: '°', min: 0, max: 360, precision: 0, kind: 'number' },
          lat: { name: 'Latitude', unit: '°', min: -90, max: 90, precision: 6, kind: 'number' },
          lon: { name: 'Longitude', unit: '°', min: -180, max: 180, precision: 6, kind: 'number' },
          cargo: { name: 'Cargo temperature', unit: '°C', min: -30, max: 50, precision: 1, kind: 'number' },
        },
      },
      hasClock: true,
      answers: true,
      commands: [
        {
          name: 'limit',
          title: 'Limit the speed',
          confirm: true,
          args: requiredArgs({
            kmh: { type: 'integer', title: 'Limit', unit: 'km/h', minimum: 10, maximum: 80, default: 50 },
          }),
          run(args) {
            limit = Number(args.get('kmh'));
            return { result: { limit } };
          },
        },
        { name: 'horn', title: 'Sound the horn', confirm: true, run: () => ({}) },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        const flowing = Math.max(6, 42 + traffic(dt));
        inSteps(dt, (step) => drive(step, flowing));
        const at = route.at(metres);
        return {
          speed: speed < 0.5 ? 0 : speedometer(speed),
          battery: Number(battery.toFixed(1)),
          heading: Math.round(at.heading) % 360,
          lat: latitude(at.lat),
          lon: longitude(at.lon),
          cargo: thermometer(warm(5, dt)),
          ts: Math.round(clock() / 1000),
        };
      },
    };
  },
} satisfies DemoKind;
