import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownShape } from '../../../src/model/known-shape.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function shapeOf(text: string): KnownShape | undefined {
  return KnownShape.of(bytes(text), JSON.parse(text));
}

function numbersOf({ names, numbers }: KnownShape): Record<string, unknown> {
  return Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
}

/** What a payload reads as with the shape of another; undefined when it has not that shape. */
function readAs(shape: string, payload: string): Record<string, unknown> | undefined {
  const known = shapeOf(shape);
  if (known === undefined) throw new Error(`${shape} has no shape.`);
  return known.read(bytes(payload)) ? numbersOf(known) : undefined;
}

describe('a device that sends the same names again', () => {
  test.each([
    ['{"t":21.5,"h":40}', '{"t":-3.25,"h":100.125}'],
    ['{ "t" : 1 ,\n"h":2 }', '{ "t" : 0 ,\n"h":-0 }'],
    ['{"ü \\"x\\"":1}', '{"ü \\"x\\"":123456789012345}'],
    ['{"10":1,"2":2}', '{"10":3,"2":0.00000000000001}'],
    ['\ufeff{"t":1}', '\ufeff{"t":2}'],
  ])('is read by its shape: %s', (shape, payload) => {
    const json = JSON.parse(payload.replace('\ufeff', '')) as object;
    const known = KnownShape.of(bytes(shape), JSON.parse(shape.replace('\ufeff', '')));
    expect(known?.read(bytes(payload))).toBe(true);
    const values = numbersOf(known!);
    for (const [name, value] of Object.entries(json)) expect(values[name]).toBe(value);
  });

  test('the values stand in the order of the message', () => {
    expect(shapeOf('{"10":1,"2":2}')?.names).toEqual(['10', '2']);
  });

  test.each(['{"ts":5,"a":1,"b":2}', '{"a":1,"ts":5,"b":2}', '{"a":1,"b":2,"ts":5}'])(
    'one name stands last, wherever it stands in the message: %s',
    (payload) => {
      const known = KnownShape.of(bytes(payload), JSON.parse(payload), 'ts')!;
      expect([...known.names]).toEqual(['a', 'b', 'ts']);
      expect([...known.numbers]).toEqual([1, 2, 5]);
    },
  );

  test('what does not fit leaves the values of before', () => {
    const known = shapeOf('{"a":1,"b":2}')!;
    expect(known.read(bytes('{"a":3,"b":true}'))).toBe(false);
    expect(numbersOf(known)).toEqual({ a: 1, b: 2 });
  });
});

describe('what is left to JSON.parse', () => {
  test.each([
    '{"t":1e3}',
    '{"t":1.}',
    '{"t":.5}',
    '{"t":01}',
    '{"t":-}',
    '{"t":+1}',
    '{"t":1234567890.1234567}',
    '{"t":1,"h":2}',
    '{"t":1} ',
    '{"t":1',
    '{"t":"1"}',
    '{"t":null}',
    '{"h":1}',
    '{"t":1}{',
    '',
  ])('%s', (payload) => {
    expect(readAs('{"t":5}', payload)).toBeUndefined();
  });

  test.each(['{}', '{"a":"x"}', '{"a":true}', '{"a":{"b":1}}', '{"a":[1]}', '{"a":1,"a":2}', '{"a":1e400}'])(
    'a message that has no shape of numbers: %s',
    (payload) => {
      expect(shapeOf(payload)).toBeUndefined();
    },
  );

  test('a name that leads to a prototype', () => {
    expect(KnownShape.of(bytes('{"__proto__":1,"a":2}'), { a: 2 })).toBeUndefined();
  });
});

test('every number that is read is the one that JSON.parse reads, to the bit', () => {
  const digits = fc.stringMatching(/^-?[0-9]{1,17}(\.[0-9]{0,17})?([eE][+-]?[0-9]{1,3})?$/);
  const number = fc.oneof(digits, fc.double().map(String), fc.integer().map(String));
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 4 }), (numbers) => {
      const write = (cells: readonly string[]) => `{${cells.map((cell, i) => `"c${i}":${cell}`).join(',')}}`;
      const payload = write(numbers);
      const read = readAs(write(numbers.map(() => '1')), payload);
      if (read === undefined) return;
      const json = JSON.parse(payload) as Record<string, number>;
      for (const [name, value] of Object.entries(read)) expect(Object.is(value, json[name])).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('of any two objects of numbers the one is read by the shape of the other as JSON.parse reads it, or not at all', () => {
  const object = fc.dictionary(
    fc.string(),
    fc.oneof(fc.integer(), fc.float({ noNaN: true, noDefaultInfinity: true })),
  );
  fc.assert(
    fc.property(object, object, (first, second) => {
      const known = shapeOf(JSON.stringify(first));
      if (known === undefined) return;
      for (const other of [first, second]) {
        const payload = JSON.stringify(other);
        if (known.read(bytes(payload))) expect(numbersOf(known)).toEqual(JSON.parse(payload));
      }
    }),
    { numRuns: 1000 },
  );
});
