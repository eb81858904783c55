import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../src/model/command.ts';
import { commandWords, outcomeWord } from '../../../../src/ui/words/command-words.ts';
import { payloadText } from '../../../../src/ui/words/payload-text.ts';
import { agoWords, spanWords } from '../../../../src/ui/words/time-words.ts';
import { counted, decimalsOf, sourceWords, valueText } from '../../../../src/ui/words/value-words.ts';
import { shortText, visibleBlock, visibleText } from '../../../../src/ui/words/visible-text.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;

describe('times', () => {
  test.each([
    [-5, '0 s'],
    [12_900, '12 s'],
    [4 * MIN + 59_000, '4 min'],
    [2 * HOUR, '2 h'],
    [2 * HOUR + 10 * MIN, '2 h 10 min'],
    [76 * HOUR, '3 d 4 h'],
  ])('%d ms are %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });

  test('an age is relative while it is fresh, then absolute with its date', () => {
    const now = new Date(2026, 10, 20, 12, 0).getTime();
    expect(agoWords(now - 300, now)).toBe('now');
    expect(agoWords(now - 12_000, now)).toBe('12 s');
    expect(agoWords(now - 26 * HOUR, now)).toBe('19 Nov 10:00');
  });
});

describe('values', () => {
  test.each([
    [21.5, undefined, '21.5'],
    [21.5, 2, '21.50'],
    [0.1 + 0.2, undefined, '0.3'],
    [7, 0, '7'],
    [1.23456e15, 2, '1.235e+15'],
    [3e-9, undefined, '3.000e-9'],
    [5, 400, '5.000000000'],
    [-7 / 3, 10, '-2.333333333'],
    [1_000_000_000.25, 2, '1000000000'],
    [123_456_789_012, 3, '123456789012'],
    [Number.NaN, undefined, 'unknown'],
    [true, undefined, 'on'],
    ['', undefined, '(empty)'],
    ['a\u202eb', undefined, 'a\\u202Eb'],
  ])('%s with %s digits is shown as %s', (value, digits, text) => {
    expect(valueText(value, digits)).toBe(text);
  });

  test('decimals are those that were sent', () => {
    expect([20, 20.5, 20.25, 1e21, 1e-9].map(decimalsOf)).toEqual([0, 1, 2, 0, 0]);
  });

  test('a retained copy without an age says so', () => {
    expect(sourceWords('retained', Number.NaN)).toBe('retained, age unknown');
    expect(sourceWords('retained', 1)).toBe('retained');
  });

  test('counts agree with their nouns', () => {
    expect([counted(1, 'sample'), counted(1234, 'sample')]).toEqual(['1 sample', '1,234 samples']);
  });
});

describe('hostile text', () => {
  test('what hides or reorders is written out', () => {
    expect(visibleText('pump\u202egpj.exe\u0000\u200b\n\ud800')).toBe(
      'pump\\u202Egpj.exe\\u0000\\u200B\\u000A\\uD800',
    );
    expect(visibleText('Zürich 温度 🌡')).toBe('Zürich 温度 🌡');
  });

  test('a block keeps its lines', () => {
    expect(visibleBlock('{\n\t"a": "\u0007"\n}')).toBe('{\n\t"a": "\\u0007"\n}');
  });

  test('a long text is cut, also when it grows by being made visible', () => {
    expect(shortText('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxx…');
    expect(shortText('\u202e'.repeat(10), 10)).toHaveLength(10);
  });

  test('payloads are text, or bytes, or nothing', () => {
    const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);
    expect(payloadText(bytes())).toEqual({ as: 'empty', text: '' });
    expect(payloadText(new TextEncoder().encode('{"t":1}'))).toEqual({ as: 'text', text: '{"t":1}' });
    expect(payloadText(bytes(0xff, 0x00, 0x10))).toEqual({ as: 'hex', text: '0000  ff 00 10' });
    expect(payloadText(bytes(0, 0, 65)).as).toBe('hex');
    // Cut in the middle of a character: still text.
    expect(payloadText(bytes(65, 0xe2, 0x82), true)).toEqual({ as: 'text', text: 'A' });
  });
});

test('a command claims no more than is known', () => {
  const command: Command = {
    id: 'a',
    device: 'devices:pump-1',
    name: 'relay',
    args: {},
    by: 'operator',
    topic: 'devices/pump-1/cmd',
    bytes: 10,
    outcome: 'sent',
    createdAt: 0,
    deadline: 60_000,
    attempts: 1,
  };
  const words = (change: Partial<Command>): string => commandWords({ ...command, ...change });
  expect(words({})).toBe('Sent, not confirmed.');
  expect(words({ pubackAt: 5 })).toContain('MQTT 3.1.1 cannot say');
  expect(words({ pubackAt: 5, protocol: 5 })).not.toContain('3.1.1');
  expect(words({ outcome: 'accepted' })).toContain('Waiting for the device');
  expect(words({ outcome: 'done', provenBy: 'ack' })).toBe('Done, the device answered.');
  expect(words({ outcome: 'done', provenBy: 'telemetry' })).toBe('Done, seen in telemetry.');
  expect(words({ outcome: 'unanswered' })).toContain('may still arrive late');
  expect(words({ outcome: 'unanswered', acceptedAt: 3 })).not.toContain('late');
  // Only a broker refuses, and it can only refuse what was sent.
  expect(outcomeWord({ ...command, outcome: 'refused' })).toBe('Not sent');
  expect(outcomeWord({ ...command, outcome: 'refused', sentAt: 3 })).toBe('Refused');
  expect(words({ outcome: 'failed', error: 'dry\u202e' })).toBe('The device answered: dry\\u202E');
});
