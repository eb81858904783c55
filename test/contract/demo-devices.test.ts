import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArgSchema, ArgsSchema } from '../../src/demo/check-args.ts';
import type { DemoKind } from '../../src/demo/demo-device.ts';
import { createDemoDevice, type DemoDevice, type DemoMessage } from '../../src/demo/create-demo-device.ts';
import { FLEET_KINDS } from '../../src/demo/fleet-ids.ts';
import { seededRandom } from '../../src/demo/seeded-random.ts';
import { readShelf } from '../../src/node/fleet-shelf.ts';

const NOW = 1_760_000_000_000;
const shelf = await readShelf();
const encoder = new TextEncoder();

function create(kind: DemoKind, { seed = 1, pace = 1 } = {}): DemoDevice {
  return createDemoDevice(kind, {
    number: 1,
    random: seededRandom(seed, `${kind.kind}-1`),
    interval: kind.interval * pace,
    pace,
    hour: (uptime) => (8 + uptime / 3_600_000) % 24,
    clock: () => NOW,
  });
}

/** Everything that the device sends in `ms` of uptime. */
function run(device: DemoDevice, ms: number): DemoMessage[] {
  const messages = [...device.introduce(0)];
  for (let uptime = 0; uptime < ms;) {
    const tick = device.tick(uptime);
    messages.push(...tick.messages);
    uptime += tick.nextIn;
  }
  return messages;
}

function flat(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) =>
    typeof entry === 'object' && entry !== null
      ? flat(entry, `${prefix}${key}.`)
      : [[prefix + key, entry] as [string, unknown]],
  );
}

interface Meta {
  readonly name: string;
  readonly kind: string;
  readonly interval: number;
  readonly channels: Record<string, { kind: string; min?: number; max?: number; precision?: number }>;
  readonly commands?: { name: string; title: string; args?: ArgsSchema }[];
}

const payloads = (messages: readonly DemoMessage[], leaf: DemoMessage['leaf']) =>
  messages.filter((message) => message.leaf === leaf).map(({ payload }) => payload);

function metaOf(device: DemoDevice): Meta | undefined {
  const [meta] = payloads(device.introduce(0), 'meta');
  return meta === undefined ? undefined : (JSON.parse(meta) as Meta);
}

function readings(messages: readonly DemoMessage[]): Map<string, unknown>[] {
  return payloads(messages, 'telemetry').flatMap((payload) => {
    try {
      return [new Map(flat(JSON.parse(payload) as object))];
    } catch {
      return [];
    }
  });
}

function fitting(schema: ArgSchema): unknown {
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string') return schema.enum?.[0] ?? 'text';
  return schema.maximum ?? 1;
}

function command(device: DemoDevice, payload: unknown, uptime = 1000): DemoMessage[] {
  const bytes = payload instanceof Uint8Array ? payload : encoder.encode(JSON.stringify(payload));
  const reaction = device.command(bytes);
  return [...reaction.act(uptime + reaction.after)];
}

test('the fleet names every kind on the shelf and no other', () => {
  expect([...FLEET_KINDS].sort()).toEqual([...shelf.keys()].sort());
  expect(shelf.size).toBeGreaterThanOrEqual(9);
});

describe.each([...shelf])('%s', (name, kind) => {
  test('says who it is, or nothing at all', () => {
    const device = create(kind);
    const meta = metaOf(device);
    if (name === 'sketch') expect(meta).toBeUndefined();
    else expect(meta).toMatchObject({ kind: name, name: expect.stringContaining('1') as string });
    if (meta) expect(meta.interval).toBeGreaterThanOrEqual(kind.interval);
  });

  test('sends the channels that it declares, in their range, kind and precision', () => {
    const device = create(kind);
    const meta = metaOf(device);
    const all = readings(run(device, 3_600_000));
    expect(all.length).toBeGreaterThan(30);
    for (const reading of all) {
      expect([...reading.keys()].every((channel) => /^[a-z0-9.]+$/.test(channel))).toBe(true);
      for (const [channel, about] of Object.entries(meta?.channels ?? {})) {
        const value = reading.get(channel);
        expect(typeof value, channel).toBe(about.kind === 'text' ? 'string' : about.kind);
        if (typeof value !== 'number') continue;
        expect(value, channel).toBeGreaterThanOrEqual(about.min ?? -Infinity);
        expect(value, channel).toBeLessThanOrEqual(about.max ?? Infinity);
        expect(Number(value.toFixed(about.precision)), channel).toBe(value);
      }
      const known = new Set([...Object.keys(meta?.channels ?? {}), 'ts']);
      if (meta) expect([...reading.keys()].filter((channel) => !known.has(channel))).toEqual([]);
    }
  });

  test('speaks about as often as its interval says', () => {
    const count = payloads(run(create(kind), 3_600_000), 'telemetry').length;
    expect(count * kind.interval).toBeGreaterThan(3600 * 0.6);
    expect(count * kind.interval).toBeLessThan(3600 * 1.6);
  });

  test('does the same again with the same seed, and something else with another', () => {
    const first = run(create(kind), 600_000);
    expect(run(create(kind), 600_000)).toEqual(first);
    expect(run(create(kind, { seed: 2 }), 600_000)).not.toEqual(first);
  });

  test('runs slower on request and says so in its meta', () => {
    const usual = payloads(run(create(kind), 3_600_000), 'telemetry').length;
    const device = create(kind, { pace: 4 });
    const slow = payloads(run(device, 3_600_000), 'telemetry').length;
    expect(slow / usual).toBeLessThan(0.4);
    const meta = metaOf(device);
    if (meta) expect(meta.interval).toBe(4 * (metaOf(create(kind))?.interval ?? NaN));
  });

  test('carries out each of its commands and answers, unless it is one that never does', () => {
    const device = create(kind);
    run(device, 60_000);
    for (const [i, about] of (metaOf(device)?.commands ?? []).entries()) {
      const args = Object.fromEntries(
        Object.entries(about.args?.properties ?? {}).map(([key, schema]) => [key, fitting(schema)]),
      );
      const id = `id-${i}`;
      const messages = command(
        device,
        { id, name: about.name, args, by: 'me', exp: NOW + 9000, ttl: 9 },
        61_000,
      );
      const acks = payloads(messages, 'ack').map((ack) => JSON.parse(ack) as { id: string; ok: boolean });
      if (name === 'lamp') expect(acks).toEqual([]);
      else expect(acks).toEqual([expect.objectContaining({ id, ok: true })]);
      expect(payloads(messages, 'telemetry')).toHaveLength(1);
      // Many small devices take packets of 256 bytes.
      for (const ack of payloads(messages, 'ack')) expect(ack.length).toBeLessThan(200);
    }
  });

  test('refuses what it does not know and what does not fit in one sentence', () => {
    const device = create(kind);
    const about = metaOf(device)?.commands ?? [];
    const wrong = [
      { id: 'a', name: 'no-such-command', args: {} },
      ...about.map(({ name: known }, i) => ({ id: `b${i}`, name: known, args: { bogus: 1 } })),
      ...about.map(({ name: known }, i) => ({ id: `c${i}`, name: known, args: [1] })),
    ];
    for (const payload of wrong) {
      const messages = command(device, payload);
      expect(payloads(messages, 'telemetry')).toEqual([]);
      for (const ack of payloads(messages, 'ack')) {
        expect(JSON.parse(ack)).toEqual({
          id: payload.id,
          ok: false,
          error: expect.stringMatching(/^.{8,}\.$/) as string,
        });
      }
    }
  });

  test('survives any bytes on its command and configuration topics', () => {
    const device = create(kind);
    const names = metaOf(device)?.commands?.map((about) => about.name) ?? [];
    const json = fc
      .record(
        {
          id: fc.oneof(fc.string({ maxLength: 80 }), fc.jsonValue()),
          name: fc.oneof(fc.constantFrom('__proto__', 'toString', ...names), fc.jsonValue()),
          args: fc.oneof(fc.jsonValue(), fc.constant(JSON.parse('{"__proto__":{"on":true}}') as unknown)),
          exp: fc.jsonValue(),
          ttl: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((value) => encoder.encode(JSON.stringify(value)));
    const anything = fc.oneof(
      fc.uint8Array(),
      json,
      fc.jsonValue().map((v) => encoder.encode(JSON.stringify(v))),
    );
    let uptime = 0;
    fc.assert(
      fc.property(anything, (bytes) => {
        uptime += 100;
        for (const message of [...command(device, bytes, uptime), ...device.configure(bytes).act(uptime)]) {
          expect(JSON.parse(message.payload)).toBeTypeOf('object');
        }
        expect(() => device.tick(uptime)).not.toThrow();
      }),
      { numRuns: 300 },
    );
    expect(({} as { on?: unknown }).on).toBeUndefined();
  });
});
