import type { DemoKind } from '../demo-device.ts';
import { roomAir } from '../room-air.ts';
import { stopwatch } from '../stopwatch.ts';

/**
 * The sketch that somebody flashed last night: it knows telemetry, status and `cmd`, and nothing else of the contract. It takes
 * `{"led":true}` as typed, and no ack, meta or clock stands behind it.
 */
export const sketch = {
  kind: 'sketch',
  interval: 2,
  create({ random, hour }) {
    const elapsed = stopwatch();
    const air = roomAir(random, { t: 23, h: 36 });
    let led = false;
    return {
      hasClock: false,
      answers: false,
      raw(json) {
        if (typeof json !== 'object' || json === null) return;
        if ('led' in json && typeof json.led === 'boolean') led = json.led;
      },
      read(uptime) {
        return { ...air(elapsed(uptime), hour(uptime)), led, ts: Math.round(uptime) };
      },
    };
  },
} satisfies DemoKind;
