import { beforeEach, describe, expect, test } from 'vitest';
import type { Home } from '../../../src/engine/home.ts';
import { ingest } from '../../../src/engine/ingest.ts';
import type { Effect, MessageMeta } from '../../../src/model/convention.ts';
import type { Value } from '../../../src/model/sample.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { openLinklessHome } from '../../support/linkless-home.ts';
import { ScriptedConvention } from '../../support/scripted-convention.ts';

let clock: FakeClock;
let one: ScriptedConvention;
let two: ScriptedConvention;
let home: Home;
beforeEach(async () => {
  clock = new FakeClock();
  one = new ScriptedConvention('one');
  two = new ScriptedConvention('two');
  home = await openLinklessHome({ clock, conventions: [one, two] });
});

/** A message on `topic` that convention one reads as `effects`. */
function receive(
  topic: string,
  effects: readonly Effect[] | (() => readonly Effect[]),
  meta: Partial<MessageMeta> = {},
) {
  one.answers.set(topic, effects);
  ingest(home, topic, new TextEncoder().encode('payload'), {
    retain: false,
    qos: 0,
    dup: false,
    receivedAt: clock.now(),
    ...meta,
  });
}

function samples(device: string, values: readonly (readonly [string, Value])[], more: object = {}): Effect {
  return {
    type: 'samples',
    device,
    channels: values.map(([channel]) => channel),
    values: values.map(([, value]) => value),
    ...more,
  };
}

function messages(): string[] {
  return home.problems.list().map((problem) => problem.message);
}

describe('a convention that misbehaves', () => {
  const lone = samples('\ud800', [['c', 1]]);
  test.each<[string, () => readonly Effect[]]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['answers nothing at all', () => undefined as never],
    ['answers with something that is no effect', () => [null as never]],
    ['names a device with half a character', () => [lone]],
    ['sends more values than channels', () => [{ ...samples('d', [['c', 1]]), values: [1, 2] } as never]],
    ['sends samples without values', () => [{ type: 'samples', device: 'd' } as never]],
    ['learns a subscription without a filter', () => [{ type: 'subscribe' } as never]],
  ])('and %s is a visible problem, and the others go on', (_what, effects) => {
    two.answers.set('r/x', [samples('d2', [['c', 2]])]);
    expect(() => receive('r/x', effects)).not.toThrow();
    expect(messages()[0]).toContain('The convention one failed on this message');
    expect(home.live.devices.get('two:d2')?.channels.get('c')?.value).toBe(2);
    expect(home.counts.received).toBe(1);
  });
});

describe('samples', () => {
  test('a live sample is shown, counted and recorded', async () => {
    receive('r/x', [
      samples('d', [
        ['c', 1],
        ['on', true],
        ['s', 'open'],
      ]),
    ]);
    expect(home.counts).toMatchObject({ received: 1, samples: 3 });
    const device = home.live.devices.get('one:d');
    expect([...(device?.channels.values() ?? [])].map(({ value, source }) => [value, source])).toEqual([
      [1, 'live'],
      [true, 'live'],
      ['open', 'live'],
    ]);
    const answer = await home.history.series({
      channels: [{ device: 'one:d', channel: 'c' }],
      from: clock.now() - 1,
      to: clock.now() + 1,
      pixels: 100,
    });
    expect([...(answer.series[0]?.value ?? [])]).toEqual([1]);
  });

  test('a retained sample is shown with its age unknown, and neither counted nor recorded', () => {
    receive('r/x', [samples('d', [['c', 1]])], { retain: true });
    expect(home.counts.samples).toBe(0);
    expect(home.live.devices.get('one:d')?.channels.get('c')).toMatchObject({ source: 'retained', at: NaN });
    expect(home.live.devices.get('one:d')?.lastSeen).toBeUndefined();
  });

  test('a retained sample has the time of the device where that is a date, not where it is uptime', () => {
    const at = clock.now() - 5_000;
    receive('r/x', [samples('d', [['c', 1]], { ts: at, clock: 'absolute' })], { retain: true });
    receive('r/y', [samples('e', [['c', 1]], { ts: 4_000, clock: 'uptime' })], { retain: true });
    expect(home.live.devices.get('one:d')?.channels.get('c')?.at).toBe(at);
    expect(home.live.devices.get('one:e')?.channels.get('c')?.at).toBeNaN();
  });

  test('two honest equal readings are two readings', () => {
    receive('r/x', [samples('d', [['c', 1]])], { qos: 1 });
    receive('r/x', [samples('d', [['c', 1]])], { qos: 1 });
    expect(home.counts.samples).toBe(2);
  });

  test('a device with too many channels loses the new ones, never those that are known', () => {
    receive('r/x', [
      samples(
        'd',
        Array.from({ length: 256 }, (_, i) => [`c${i}`, 0]),
      ),
    ]);
    receive('r/x', [
      samples('d', [
        ['new', 1],
        ['c0', 1],
        ['newer', 1],
      ]),
    ]);
    expect(home.live.devices.get('one:d')?.channels.get('c0')?.value).toBe(1);
    expect(home.live.devices.get('one:d')?.channels.size).toBe(256);
    expect(home.problems.list()).toMatchObject([{ device: 'one:d', count: 1 }]);
    expect(home.counts.samples).toBe(257);
  });
});

describe('everything else', () => {
  test('a problem of a device is counted on it and raises an alert', () => {
    receive('r/x', [{ type: 'problem', device: 'd', message: 'no JSON' }]);
    expect(home.live.devices.get('one:d')?.row(true)).toMatchObject({ problems: 1 });
    expect(home.alerts.list()).toMatchObject([{ kind: 'problem', state: 'firing' }]);
    expect(messages()).toEqual(['no JSON']);
  });

  test('a problem without a device makes none', () => {
    receive('r/x', [{ type: 'problem', message: 'who?' }]);
    expect(home.live.devices.size).toBe(0);
    expect(messages()).toEqual(['who?']);
  });

  test('the same native id in two conventions is two devices', () => {
    two.answers.set('r/x', [{ type: 'status', device: 'd', online: false }]);
    receive('r/x', [{ type: 'status', device: 'd', online: true }]);
    expect(home.live.devices.get('one:d')?.online).toBe('online');
    expect(home.live.devices.get('two:d')?.online).toBe('offline');
  });

  test('an id with three parts survives as a key and comes back', () => {
    receive('r/x', [{ type: 'status', device: 'a/b/c d', online: true }]);
    expect([...home.live.devices.keys()]).toEqual(['one:a%2Fb%2Fc%20d']);
  });

  test('a forgotten device takes its alerts with it', () => {
    receive('r/x', [{ type: 'status', device: 'd', online: false }]);
    expect(home.alerts.list()[0]?.state).toBe('firing');
    receive('r/y', [{ type: 'forget', device: 'd' }]);
    expect(home.live.devices.size).toBe(0);
    expect(home.alerts.list().filter((alert) => alert.state === 'firing')).toEqual([]);
  });

  test('an effect that is used again leads to the device that is there, also when it was forgotten and is back', () => {
    const again = samples('d', [['c', 1]], { found: null });
    receive('r/x', [again]);
    const first = home.live.devices.get('one:d')!;
    receive('r/y', [{ type: 'forget', device: 'd' }]);
    receive('r/x', [again]);
    const second = home.live.devices.get('one:d')!;
    receive('r/x', [again]);
    expect(second).not.toBe(first);
    expect(second.channels.get('c')).toMatchObject({ value: 1, source: 'live' });
    expect(home.counts.samples).toBe(3);
    expect(home.live.channels.size).toBe(1);
  });

  test('a message with more channels than a device may have: those that there are go on, and a person is told', () => {
    const values = Array.from({ length: 300 }, (_, i) => [`c${i}`, i] as const);
    const again = samples('d', values, { found: null });
    receive('r/x', [again]);
    receive('r/x', [again]);
    const { channels } = home.live.devices.get('one:d')!;
    expect([...channels].map(([name, { value }]) => [name, value])).toEqual(values.slice(0, 256));
    expect(home.counts.samples).toBe(512);
    expect(home.problems.list()).toMatchObject([{ count: 2 }]);
  });

  test('a learned topic reaches the convention that learned it, and only until it lets go', () => {
    const wanted = { filter: 'elsewhere/state', qos: 0, carries: 'telemetry' } as const;
    receive('r/x', [{ type: 'subscribe', wanted }]);
    receive('elsewhere/state', [samples('d', [['c', 1]])]);
    expect(home.counts.samples).toBe(1);
    expect(home.subscriptions.list().map((s) => s.filter)).toContain('elsewhere/state');
    receive('r/y', [{ type: 'unsubscribe', filter: 'elsewhere/state' }]);
    receive('elsewhere/state', [samples('d', [['c', 2]])]);
    expect(home.counts.samples).toBe(1);
    expect(home.subscriptions.list().map((s) => s.filter)).not.toContain('elsewhere/state');
  });

  test('a learned filter that is not taken is a problem and no route', () => {
    receive('r/x', [{ type: 'subscribe', wanted: { filter: '#/x', qos: 0, carries: 'telemetry' } }]);
    expect(messages()[0]).toContain('#/x');
    const many: Effect[] = Array.from({ length: 10_100 }, (_, i) => ({
      type: 'subscribe',
      wanted: { filter: `learned/${i}`, qos: 0, carries: 'telemetry' },
    }));
    receive('r/x', many);
    expect(home.routes.of('learned/0')).toHaveLength(1);
    expect(home.routes.of('learned/10099')).toHaveLength(0);
  });

  test('channels that are only described do not grow without bound', () => {
    const many: Effect[] = Array.from({ length: 1_000 }, (_, i) => ({
      type: 'channel',
      device: 'd',
      channel: `c${i}`,
      description: { unit: 'V' },
    }));
    receive('r/x', many);
    const device = home.live.devices.get('one:d');
    expect(device?.learned.size).toBe(256);
    receive('r/y', [{ type: 'channel', device: 'd', channel: 'c0', description: { unit: 'A' } }]);
    expect(device?.describes('c0')?.unit).toBe('A');
    expect(home.problems.list()).toHaveLength(1);
  });

  test('a name that is a trap for objects is an ordinary name', () => {
    receive('r/x', [
      samples('__proto__', [
        ['constructor', 1],
        ['__proto__', 2],
      ]),
    ]);
    expect(home.live.devices.get('one:__proto__')?.channels.get('__proto__')?.value).toBe(2);
    expect(({} as Record<string, unknown>)['constructor']).toBe(Object);
  });

  test('the policy document is read by the engine and by no convention', () => {
    const document = { version: 1, username: 'ada', role: 'viewer', subscribe: ['r/+'], publish: [] };
    one.answers.set('telltale/policy/ada', [{ type: 'problem', message: 'seen' }]);
    const meta = { retain: true, qos: 1, dup: false, receivedAt: clock.now() } as const;
    ingest(home, 'telltale/policy/ada', new TextEncoder().encode(JSON.stringify(document)), meta);
    expect(home.part('policy')).toEqual(document);
    ingest(home, 'telltale/policy/ada', new TextEncoder().encode('{'), meta);
    expect(home.part('policy')).toBeNull();
    expect(messages()).toEqual(['The policy document of this sign-in cannot be read.']);
    ingest(home, 'telltale/policy/ada', new Uint8Array(), meta);
    expect(messages()).toHaveLength(1);
  });
});

test('a convention that cannot even start leaves a problem, and the others work', async () => {
  class Broken extends ScriptedConvention {
    override create(): never {
      throw new Error('no table');
    }
  }
  home = await openLinklessHome({ clock, conventions: [new Broken('broken'), one] });
  receive('r/x', [samples('d', [['c', 1]])]);
  expect(home.counts.samples).toBe(1);
  expect(messages()[0]).toContain('broken');
});
