import { describe, expect, test } from 'vitest';
import { cleanText, cutText, quote } from '../../../src/model/foreign-text.ts';
import { findJsonFault } from '../../../src/model/json-fault.ts';
import { MAX_DEPTH, MAX_PARSED_BYTES, parseJson, readJson, readText } from '../../../src/model/payload.ts';

function why(text: string): string {
  const reading = parseJson(text);
  return reading.ok ? 'read' : reading.why;
}

test('bytes that are not UTF-8 are refused, not replaced', () => {
  expect(readText(new Uint8Array([0x74, 0xff]))).toEqual({ ok: false, why: 'is not text in UTF-8' });
  // An overlong slash and a surrogate half are not UTF-8 either.
  expect(readText(new Uint8Array([0xc0, 0xaf])).ok).toBe(false);
  expect(readText(new Uint8Array([0xed, 0xa0, 0x80])).ok).toBe(false);
});

test('a byte order mark in front of JSON is not part of it', () => {
  expect(readJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x31]))).toEqual({ ok: true, value: 1 });
});

test('a payload of one byte too many is refused unread', () => {
  expect(readText(new Uint8Array(MAX_PARSED_BYTES).fill(0x20)).ok).toBe(true);
  expect(readText(new Uint8Array(MAX_PARSED_BYTES + 1))).toEqual({
    ok: false,
    why: 'is 262145 bytes long; at most 262144 are read',
  });
});

test('JSON as deep as allowed is read, one deeper is not', () => {
  const deep = (n: number) => '['.repeat(n) + ']'.repeat(n);
  expect(parseJson(deep(MAX_DEPTH)).ok).toBe(true);
  expect(why(deep(MAX_DEPTH + 1))).toBe('has more than 32 lists or objects inside each other');
  expect(why('{"a":'.repeat(33) + '1' + '}'.repeat(33))).toContain('more than 32');
});

test('keys that lead to a prototype are gone at every depth, however they are spelt', () => {
  const reading = parseJson(
    '{"__proto__":{"x":1},"a":[{"constructor":{"prototype":{"x":1}},"\\u005f_proto__":1,"b":2}],"prototype":1}',
  );
  expect(reading).toEqual({ ok: true, value: { a: [{ b: 2 }] } });
  expect(Object.getPrototypeOf((reading as { value: object }).value)).toBe(Object.prototype);
  expect(({} as { x?: number }).x).toBeUndefined();
});

describe('where JSON breaks', () => {
  test.each([
    ['', 'it is empty'],
    ['  \n', 'it is empty'],
    ['{"t":21.5', 'at character 10 "," or "}" is expected, but it ends there'],
    ['{"t":nan}', 'at character 6 a value is expected, but "n" stands there'],
    ['{"t":21,5}', 'at character 9 a key in double quotes is expected, but "5" stands there'],
    ['{t:1}', 'at character 2 a key in double quotes is expected, but "t" stands there'],
    ["{'t':1}", 'at character 2 a key in double quotes is expected, but "\'" stands there'],
    ['{"t" 1}', 'at character 6 ":" is expected, but "1" stands there'],
    ['{"t":1,}', 'at character 8 a key in double quotes is expected, but "}" stands there'],
    ['[1,]', 'at character 4 a value is expected, but "]" stands there'],
    ['[1 2]', 'at character 4 "," or "]" is expected, but "2" stands there'],
    ['{"a":"x', 'at character 6 a complete text is expected, but """ stands there'],
    ['{} x', 'at character 4 the end is expected, but "x" stands there'],
    ['01', 'at character 2 the end is expected, but "1" stands there'],
    ['[\u0000]', 'at character 2 a value is expected, but a control character stands there'],
    ['[😀]', 'at character 2 a value is expected, but "😀" stands there'],
    ['[}', 'at character 2 a value is expected, but "}" stands there'],
    ['{]', 'at character 2 a key in double quotes is expected, but "]" stands there'],
  ])('%j: %s', (text, fault) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(findJsonFault(text)).toBe(fault);
    expect(why(text)).toBe(`is not JSON: ${fault}`);
  });

  test('a quarter of a megabyte of open brackets does not exhaust the stack', () => {
    expect(findJsonFault('['.repeat(MAX_PARSED_BYTES))).toContain('but it ends there');
  });
});

describe('foreign text in a sentence', () => {
  test('writing direction, line breaks and half characters cannot fake the words around it', () => {
    expect(quote('a\u202eb\nc\ud800')).toBe('"a b c\ufffd"');
  });
  test('is cut with a mark, and not through a character', () => {
    expect(cutText('abcdef', 3)).toBe('abc…');
    expect(cutText('ab😀d', 3)).toBe('ab…');
    expect(cutText('abc', 3)).toBe('abc');
    expect(cleanText('x'.repeat(1_000_000), 5)).toBe('xxxxx…');
  });
});
