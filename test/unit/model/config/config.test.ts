import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differencesBetween, inParts, valueAt } from '../../../../src/model/config/differences.ts';
import { isSecret, keepable, withoutSecrets } from '../../../../src/model/config/keepable.ts';
import { mergeConfig, withPart } from '../../../../src/model/config/merge.ts';
import { sameJson } from '../../../../src/model/config/same-json.ts';
import { unmet } from '../../../../src/model/config/unmet.ts';

/** Few names and values, so that two of them agree here and there, and names that have hurt others. */
const part = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(0, 1, 90, true, false, null, '', 'eco', [], [1, 2], [2, 1]),
    fc.dictionary(fc.constantFrom('a', 'b', 'toString', 'hasOwnProperty'), tie('value'), { maxKeys: 3 }),
  ),
}));
const config = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'valueOf'), part.value, { maxKeys: 4 });

function shuffled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shuffled);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, shuffled(one)]),
  );
}

describe('what says the same', () => {
  test('the order of keys and the spelling of numbers make no difference', () => {
    const read = (text: string): unknown => JSON.parse(text);
    expect(sameJson(read('{"a":1,"b":{"c":[10,0]}}'), read('{"b":{"c":[1e1,-0.0]},"a":1.0}'))).toBe(true);
    fc.assert(fc.property(config, (one) => sameJson(one, shuffled(one)) && sameJson(shuffled(one), one)));
  });

  test.each<[unknown, unknown]>([
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, {}],
    [{ a: 0 }, { a: false }],
    [
      [1, 2],
      [2, 1],
    ],
    [{}, []],
    [{ toString: 1 }, { a: 1 }],
  ])('%j is not %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });

  test('there are differences exactly where two configurations are not the same', () => {
    fc.assert(
      fc.property(config, config, (from, to) => {
        const all = differencesBetween(from, to);
        expect(all.length === 0).toBe(sameJson(from, to));
        for (const one of all) {
          expect(one.from).toEqual(valueAt(from, one.path));
          expect(one.to).toEqual(valueAt(to, one.path));
        }
        const made = all.reduce<unknown>((value, { path, to: next }) => withPart(value, path, next), from);
        expect(sameJson(made, to)).toBe(true);
      }),
    );
  });
});

describe('what a device does not report', () => {
  test('asked 90, the device keeps 80', () => {
    expect(unmet({ limit: 90, hysteresis: 2 }, { hysteresis: 2.0, limit: 80 })).toEqual([
      { path: ['limit'], from: 90, to: 80 },
    ]);
  });

  test('what it reports beside what is asked is its own business', () => {
    expect(unmet({ ramp: { s: 3 } }, { ramp: { s: 3, curve: 'soft' }, version: 7 })).toEqual([]);
    expect(unmet({ ramp: {} }, { ramp: { s: 3 } })).toEqual([]);
  });

  test('what it does not report at all is missing, and so is everything before it has reported', () => {
    expect(unmet({ a: 1, b: 2 }, { a: 1 })).toEqual([{ path: ['b'], from: 2, to: undefined }]);
    expect(unmet({ a: 1 }, undefined)).toHaveLength(1);
  });

  test('a password need not be reported', () => {
    const schema = { properties: { wifi: { properties: { key: { type: 'string', writeOnly: true } } } } };
    expect(unmet({ wifi: { ssid: 'x', key: 'hunter2' } }, { wifi: { ssid: 'x' } }, schema)).toEqual([]);
  });
});

describe('two people change the same configuration', () => {
  test('different places go together', () => {
    const base = { low: 30, high: 90 };
    expect(mergeConfig(base, { low: 20, high: 90 }, { low: 30, high: 95 })).toEqual({
      merged: { low: 20, high: 95 },
      conflicts: [],
    });
  });

  test('the same place is a conflict, in which mine is kept until a person says otherwise', () => {
    expect(mergeConfig({ a: { x: 1 } }, { a: { x: 2 } }, { a: { x: 3 } })).toEqual({
      merged: { a: { x: 2 } },
      conflicts: [{ path: ['a', 'x'], base: 1, mine: 2, theirs: 3 }],
    });
  });

  test('changing what the other took away, or everything, is a conflict as well', () => {
    expect(mergeConfig({ a: 1 }, { a: 2 }, {}).conflicts).toEqual([
      { path: ['a'], base: 1, mine: 2, theirs: undefined },
    ]);
    expect(mergeConfig({ a: 1 }, { a: 2 }, undefined).conflicts).toHaveLength(1);
  });

  test('who changed nothing loses nothing and stands in nobody’s way', () => {
    fc.assert(
      fc.property(config, config, (base, other) => {
        expect(mergeConfig(base, other, base)).toEqual({ merged: other, conflicts: [] });
        expect(mergeConfig(base, base, other)).toEqual({ merged: other, conflicts: [] });
        expect(mergeConfig(base, other, other)).toEqual({ merged: other, conflicts: [] });
      }),
    );
  });

  test('nothing that one of them changed is lost without a conflict', () => {
    fc.assert(
      fc.property(config, config, config, (base, mine, theirs) => {
        const { merged, conflicts } = mergeConfig(base, mine, theirs);
        for (const { path, to } of [...differencesBetween(base, mine), ...differencesBetween(base, theirs)]) {
          const there = valueAt(merged, path);
          // Of an object that both added, each has a part.
          const kept = to === undefined ? there === undefined : unmet({ to }, { to: there }).length === 0;
          expect(kept || conflicts.some((one) => meet(one.path, path))).toBe(true);
        }
        for (const one of conflicts) {
          expect(sameJson(one.mine, one.theirs)).toBe(false);
          expect(sameJson(one.base, one.mine) || sameJson(one.base, one.theirs)).toBe(false);
        }
      }),
    );
  });
});

/** One of them stands at the other or inside it. */
function meet(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(0, b.length).every((name, i) => name === b[i]);
}

describe('what may be kept', () => {
  const schema = {
    properties: { key: { writeOnly: true }, ramp: { properties: { pin: { writeOnly: true } } } },
  };

  test('what a schema calls write-only is neither shown nor stored', () => {
    const value = { key: 'hunter2', ssid: 'hall', ramp: { pin: 1, s: 2 } };
    const kept = { key: '(not shown)', ssid: 'hall', ramp: { pin: '(not shown)', s: 2 } };
    expect(withoutSecrets(value, schema)).toEqual(kept);
    expect(keepable(value, schema)).toEqual(kept);
    expect(isSecret(schema, ['ramp', 's'])).toBe(false);
  });

  test('an object that one of the two has not differs in each of its parts, one without parts as a whole', () => {
    const parts = (from: unknown, to: unknown) =>
      differencesBetween(from, to)
        .flatMap(inParts)
        .map(({ path, from: a, to: b }) => [path.join('.'), a, b]);
    expect(parts({}, { plan: { days: [], at: { hour: 6 } } })).toEqual([
      ['plan.days', undefined, []],
      ['plan.at.hour', undefined, 6],
    ]);
    expect(parts({ plan: { days: [1] } }, {})).toEqual([['plan.days', [1], undefined]]);
    expect(parts({}, { plan: {} })).toEqual([['plan', undefined, {}]]);
    expect(parts({ plan: 1 }, { plan: { days: [] } })).toEqual([['plan', 1, { days: [] }]]);
  });

  test('a list with something write-only in its entries is neither shown nor stored', () => {
    const key = { type: 'string', writeOnly: true };
    const entry = { type: 'object', properties: { ssid: { type: 'string' }, key } };
    const nets = { type: 'array', items: entry };
    const wifi = { type: 'object', properties: { wifi: { type: 'object', properties: { nets } } } };
    const value = { wifi: { nets: [{ ssid: 'hall', key: 'hunter2' }] } };
    expect(withoutSecrets(value, wifi)).toEqual({ wifi: { nets: '(not shown)' } });
    expect(unmet(value, {}, wifi)).toEqual([]);
  });

  test('a name that every object has is no secret', () => {
    expect(withoutSecrets({ toString: 1, constructor: 2 }, schema)).toEqual({ toString: 1, constructor: 2 });
  });

  test('more than 16 KB is not stored', () => {
    expect(keepable({ text: 'x'.repeat(17_000) }, undefined)).toBeUndefined();
  });
});
