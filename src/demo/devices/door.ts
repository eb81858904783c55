import type { DemoKind } from '../demo-device.ts';
import { lag } from '../lag.ts';
import { place } from '../place.ts';
import { sensor } from '../sensor.ts';
import { stopwatch } from '../stopwatch.ts';

/** Seconds between two signs of life when nothing happens. */
const HEARTBEAT = 60;

/** A door contact on a battery: speaks when the door moves and once a minute besides, at QoS 1, because every word counts. */
export const door = {
  kind: 'door',
  interval: 20,
  create({ number, random, pace }) {
    const elapsed = stopwatch();
    const voltmeter = sensor(random, { noise: 0.003, digits: 2 });
    const radio = sensor(random, { noise: 1.5, digits: 0, min: -95, max: -40 });
    const beeping = lag(0, 1);
    let battery = 55 + 44 * random();
    let open = false;
    // The clock of the passers-by: when the door moves next, and when the heartbeat is due (ms of uptime).
    let moves = 0;
    let beat = 0;
    const closedFor = () => 1000 * pace * (4 - 50 * Math.log(1 - random()));
    const openFor = () => 1000 * pace * (3 + 14 * random());

    return {
      about: {
        name: `Door ${number}`,
        model: 'Reed contact with CR123A',
        location: place(number, 'Main entrance', 'Loading bay', 'Cold store'),
        interval: HEARTBEAT * pace,
        channels: {
          open: { name: 'Open', kind: 'boolean' },
          battery: { name: 'Battery', unit: '%', min: 0, max: 100, precision: 0, kind: 'number' },
          supply: { name: 'Supply', unit: 'V', min: 2, max: 3.3, precision: 2, kind: 'number' },
          rssi: { name: 'Reception', unit: 'dBm', min: -100, max: -30, precision: 0, kind: 'number' },
        },
      },
      hasClock: false,
      answers: true,
      qos: 1,
      commands: [
        {
          name: 'beep',
          title: 'Beep',
          run() {
            beeping(1, 5);
            battery -= 0.02;
            return {};
          },
        },
      ],
      read(uptime) {
        const dt = elapsed(uptime);
        if (moves === 0) moves = uptime + closedFor();
        while (uptime >= moves) {
          open = !open;
          moves += open ? openFor() : closedFor();
        }
        beat = uptime + HEARTBEAT * pace * 1000;
        battery = Math.max(0, battery - 0.0005 - dt / 500_000);
        return {
          open,
          battery: Math.round(battery),
          // The beeper loads the cell for a moment.
          supply: voltmeter(2.55 + 0.006 * battery - 0.15 * beeping(0, dt)),
          rssi: radio(-62 - number),
        };
      },
      next: (uptime) => (Math.min(moves, beat) - uptime) / 1000,
    };
  },
} satisfies DemoKind;
