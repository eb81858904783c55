import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandRequest, ConventionSession, Effect, MessageMeta } from '../../src/model/convention.ts';
import { isValidTopic } from '../../src/model/topic.ts';
import { convention as toy } from '../fixtures/toy-convention.ts';
import { conventionShelf } from '../support/convention-shelf.ts';
import { effectFaults, filterFaults } from '../support/effect-faults.ts';

const shelf = [...(await conventionShelf()), toy];
const encoder = new TextEncoder();
const ROOT = 'site/devices';
/** Where the toy's births say that its data comes. */
const DATA_TOPIC = 'plant/data';
const META: MessageMeta = { retain: false, qos: 0, dup: false, receivedAt: 1_800_000_000_000 };

/** Levels that have hurt others: prototypes, wildcards, empty, huge, half characters, controls. */
const hostileLevel = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '',
    '+',
    '#',
    '$SYS',
    '..',
    '\0',
    '\ud800',
  ),
  fc.constantFrom('\u202egnp', 'é'.repeat(40), 'x'.repeat(65), 'x'.repeat(65_535)),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
);

function topics(session: ConventionSession) {
  const fromFilters = fc
    .tuple(fc.constantFrom(...session.filters()), fc.array(hostileLevel, { minLength: 4, maxLength: 4 }))
    .map(([{ filter }, levels]) => filter.replaceAll('+', () => levels.pop() ?? ''));
  const any = fc.array(hostileLevel, { minLength: 1, maxLength: 6 }).map((levels) => levels.join('/'));
  const below = any.map((rest) => `${ROOT}/${rest}`);
  const learned = fc.constant(DATA_TOPIC);
  return fc.oneof({ weight: 4, arbitrary: fromFilters }, below, any, learned);
}

const GOOD = [
  '{"t":21.53,"h":40.10,"ts":123456}',
  '{"ts":1800000000,"l1":{"v":230.1,"a":3},"on":true,"list":[1,2,[3]]}',
  '{"online":true}',
  'offline',
  '{"id":"abc","ok":false,"error":"stuck"}',
  '{"name":"Pump","interval":5,"channels":{"t":{"unit":"°C","min":0,"max":50}},"commands":[{"name":"on","args":' +
    '{"type":"object","properties":{"s":{"type":"integer"}}},"confirms":{"channel":"relay","equals":true}}]}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
];

const key = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'ts',
    'name',
    'channels',
    'commands',
    'args',
    'config',
    'online',
    'id',
    'ok',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'binary' }),
      fc.constant('9e999'),
    ),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
}));

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  json.value.map((value) => encoder.encode(JSON.stringify(value)?.replaceAll('"9e999"', '9e999'))),
  fc.constantFrom(...GOOD).map((text) => encoder.encode(text)),
  fc
    .tuple(
      fc.constantFrom(...GOOD),
      fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    )
    .map(([text, hits]) => {
      const bytes = encoder.encode(text);
      for (const [at, byte] of hits) bytes[at % bytes.length] = byte;
      return bytes;
    }),
  fc.constant(birth(DATA_TOPIC, 'pump', 'flow')),
);

/** A birth of the toy convention, so that its data path is reached too. */
function birth(...texts: readonly string[]): Uint8Array {
  const [topic, device, channel] = texts.map((text) => [text.length, ...encoder.encode(text)]);
  return new Uint8Array([...(topic ?? []), 1, 0, 7, 0, ...(device ?? []), ...(channel ?? [])]);
}

const HUGE: readonly (readonly [what: string, payload: Uint8Array])[] = [
  ['a list 100,000 deep', encoder.encode('['.repeat(100_000) + ']'.repeat(100_000))],
  ['an object 30,000 deep, cut off', encoder.encode('{"a":'.repeat(30_000))],
  [
    '20,000 keys',
    encoder.encode(
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))),
    ),
  ],
  ['256 KB of one text', encoder.encode(JSON.stringify({ t: 'x'.repeat(250_000) }))],
  ['an open text full of backslashes', encoder.encode(`{"a":"${'\\\\'.repeat(120_000)}`)],
  ['100 MB', new Uint8Array(100 * 1024 * 1024)],
  [
    'wide and nested',
    encoder.encode(JSON.stringify({ commands: Array(3000).fill({ name: 'a', args: { not: {} } }) })),
  ],
];

function prototypes() {
  return [Object, Array, String, Number, Map, Function].map((type) => Reflect.ownKeys(type.prototype));
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error as Error;
  }
}

function request(more: Partial<CommandRequest> = {}): CommandRequest {
  return {
    id: 'c0FFee-_1',
    name: 'setpoint',
    args: { value: 21.5, __proto__: null },
    by: 'operator',
    deadline: META.receivedAt + 60_000,
    now: META.receivedAt,
    ...more,
  };
}

describe.each(shelf)('convention $name', (convention) => {
  test('has a name that a device key can carry, and filters that a broker takes', () => {
    expect(convention.name).toMatch(/^[a-z][a-z0-9-]*$/);
    const filters = convention.create({ root: ROOT }).filters();
    expect(filters.length).toBeGreaterThan(0);
    expect(filters.flatMap(filterFaults)).toEqual([]);
  });

  test('hostile topics and payloads in any order: never throws, effects well-formed, no prototype touched', () => {
    const before = prototypes();
    const message = fc.tuple(topics(convention.create({ root: ROOT })), payload, fc.boolean());
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), (messages) => {
        const session = convention.create({ root: ROOT });
        for (const [topic, bytes, retain] of messages) {
          const effects = session.read(topic, bytes, { ...META, retain });
          expect(effects.flatMap(effectFaults)).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
    expect(prototypes()).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('an effect that the engine may keep something with speaks of the same device and channels for ever', () => {
    const session = convention.create({ root: ROOT });
    const topics = session
      .filters()
      .flatMap(({ filter }) => ['a', 'b'].map((id) => filter.replaceAll('+', id)));
    const reading = fc.uniqueArray(fc.tuple(fc.constantFrom('t', 'h', 'ts'), fc.nat(99)), {
      minLength: 1,
      selector: ([name]) => name,
    });
    const message = fc.tuple(fc.constantFrom(...topics), reading);
    const spokeOf = new Map<Effect, string>();
    fc.assert(
      fc.property(message, ([topic, names]) => {
        const bytes = encoder.encode(JSON.stringify(Object.fromEntries(names)));
        for (const effect of session.read(topic, bytes, META)) {
          if (effect.type !== 'samples' || effect.found === undefined) continue;
          const speaksOf = JSON.stringify([effect.device, effect.channels]);
          expect(spokeOf.get(effect) ?? speaksOf).toBe(speaksOf);
          spokeOf.set(effect, speaksOf);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each(HUGE)('%s: read in bounded time', (_what, bytes) => {
    const session = convention.create({ root: ROOT });
    for (const { filter } of session.filters()) {
      const started = performance.now();
      const effects = session.read(filter.replaceAll('+', 'a'), bytes, META);
      expect(performance.now() - started).toBeLessThan(2000);
      expect(effects.flatMap(effectFaults)).toEqual([]);
    }
  });

  test('a command is a publishable message that carries its id; a device it cannot reach is one sentence', () => {
    const session = convention.create({ root: ROOT });
    let written = 0;
    for (const device of ['pump-1', 'group/node/device', '', 'a/+/b', '__proto__', 'x'.repeat(300)]) {
      const outcome = attempt(() => session.command(device, request()));
      if (outcome instanceof Error) {
        expect(outcome.message).toMatch(/^\S.*\.$/);
        continue;
      }
      for (const publish of outcome) {
        expect(isValidTopic(publish.topic)).toBe(true);
        expect(publish.retain).toBe(false);
        expect(new TextDecoder().decode(publish.payload)).toContain('c0FFee-_1');
        written++;
      }
    }
    expect(written).toBeGreaterThan(0);
  });
});
