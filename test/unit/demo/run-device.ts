import { createDemoDevice, type DemoDevice } from '../../../src/demo/create-demo-device.ts';
import type { DemoKind } from '../../../src/demo/demo-device.ts';
import { seededRandom } from '../../../src/demo/seeded-random.ts';

export const NOW = 1_760_000_000_000;

const encoder = new TextEncoder();

/** A device of `kind` under a clock that stands still and a seeded random. */
export function makeDevice(kind: DemoKind, seed = 7): DemoDevice {
  return createDemoDevice(kind, {
    number: 1,
    random: seededRandom(seed, kind.kind),
    interval: kind.interval,
    pace: 1,
    hour: (uptime) => (8 + uptime / 3_600_000) % 24,
    clock: () => NOW,
  });
}

/** Gives it its turns from `from` until `to` (ms of uptime): the payloads of its telemetry, as sent. */
export function telemetry(device: DemoDevice, from: number, to: number): string[] {
  const payloads: string[] = [];
  for (let uptime = from; uptime < to;) {
    const { messages, nextIn } = device.tick(uptime);
    payloads.push(...messages.map(({ payload }) => payload));
    uptime += nextIn;
  }
  return payloads;
}

/** The last reading of those turns. */
export function lastReading(device: DemoDevice, from: number, to: number): Record<string, unknown> {
  return JSON.parse(telemetry(device, from, to).at(-1) ?? '') as Record<string, unknown>;
}

/** Sends a command and lets it happen: the acks. */
export function command(device: DemoDevice, payload: unknown, uptime: number): unknown[] {
  const { after, act } = device.command(encoder.encode(JSON.stringify(payload)));
  return act(uptime + after)
    .filter(({ leaf }) => leaf === 'ack')
    .map(({ payload: ack }) => JSON.parse(ack) as unknown);
}
