import { expect, test } from 'vitest';
import { flatten, isChannelName, MAX_CHANNELS } from '../../../src/model/flatten.ts';

const read = (json: string) => flatten(JSON.parse(json) as Record<string, unknown>, 'ts');

test('the climate sensor: two channels, and its time is none', () => {
  expect(read('{"t":21.53,"h":40.10,"ts":123456}')).toEqual({
    values: [
      ['t', 21.53],
      ['h', 40.1],
    ],
    problems: [],
  });
});

test('nested objects and lists become dotted names; null is nothing', () => {
  expect(
    read('{"l1":{"v":230,"x":null},"acc":[1,{"z":true}],"mode":"auto","ts":1,"in":{"ts":2}}').values,
  ).toEqual([
    ['l1.v', 230],
    ['acc.0', 1],
    ['acc.1.z', true],
    ['mode', 'auto'],
    ['in.ts', 2],
  ]);
});

test('a name that two spellings lead to is kept once', () => {
  const flat = read('{"a.b":1,"a":{"b":2}}');
  expect(flat.values).toEqual([['a.b', 1]]);
  expect(flat.problems).toEqual(['Channel "a.b" stands twice in the message; the first is kept.']);
  expect(read('{"a":{"b":2},"a.b":1}').values).toEqual([['a.b', 2]]);
});

test('a number beyond f64 is left out, one that underflows is 0', () => {
  const flat = read('{"big":1e999,"neg":-1e999,"small":1e-999,"t":1}');
  expect(flat.values).toEqual([
    ['small', 0],
    ['t', 1],
  ]);
  expect(flat.problems).toEqual([
    'Channel "big" has a number too large to be kept.',
    'Channel "neg" has a number too large to be kept.',
  ]);
});

test('a text that is too long is left out and said, never cut', () => {
  const flat = flatten({ ok: 'x'.repeat(1024), long: 'x'.repeat(1025) });
  expect(flat.values).toEqual([['ok', 'x'.repeat(1024)]]);
  expect(flat.problems).toEqual(['Channel "long" has a text of 1025 characters; at most 1024 are kept.']);
});

test('201 channels: the first 200 and one problem', () => {
  const flat = flatten(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])));
  expect(flat.values).toHaveLength(MAX_CHANNELS);
  expect(flat.problems).toEqual(['The message has more than 200 channels; the first 200 are read.']);
  const nested = flatten({ a: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])) });
  expect(nested.values).toHaveLength(MAX_CHANNELS);
  expect(nested.problems).toHaveLength(1);
});

test('a long list gives its first 64 items', () => {
  const flat = flatten({ spectrum: Array.from({ length: 100 }, (_, i) => i) });
  expect(flat.values).toHaveLength(64);
  expect(flat.problems).toEqual(['Channel "spectrum" is a list of 100 values; the first 64 are read.']);
});

test('many faults are counted, not listed', () => {
  const flat = flatten(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, Infinity])));
  expect(flat.problems).toHaveLength(6);
  expect(flat.problems.at(-1)).toBe('More was left out.');
});

test.each([
  ['', false],
  ['t', true],
  ['Größe', true],
  ['😀', true],
  ['__proto__', true],
  ['a\u0000b', false],
  ['a\nb', false],
  ['\ud800', false],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
])('channel name %j: %s', (name, usable) => {
  expect(isChannelName(name)).toBe(usable);
  const flat = flatten({ [name === '__proto__' ? 'p' : name]: 1 });
  expect(flat.values.length).toBe(usable ? 1 : 0);
  expect(flat.problems.length).toBe(usable ? 0 : 1);
});

test('an empty name inside an object is refused like one at the top', () => {
  expect(flatten({ a: { '': 1, b: 2 } })).toEqual({
    values: [['a.b', 2]],
    problems: ['A channel has an empty name.'],
  });
});
