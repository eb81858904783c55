import { describe, expect, test } from 'vitest';
import { chosenBroker, parseConfig } from '../../../src/ui/parse-config.ts';

const PAGE = 'https://host.example/app/';
const config = (...brokers: unknown[]): string => JSON.stringify({ brokers });

describe('config.json', () => {
  test('addresses relative to the page become WebSocket addresses', () => {
    const text = config({
      name: 'Here',
      urls: ['mqtt', '/mqtt', 'wss://other.example:8884/x'],
      root: '/devices/',
    });
    expect(parseConfig(text, PAGE)[0]).toMatchObject({
      name: 'Here',
      urls: ['wss://host.example/app/mqtt', 'wss://host.example/mqtt', 'wss://other.example:8884/x'],
      root: 'devices',
    });
    expect(parseConfig(text, 'http://127.0.0.1:8080/')[0]?.urls[0]).toBe('ws://127.0.0.1:8080/mqtt');
  });

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'it has no list "brokers"'],
    [config('plant'), 'brokers[0] has to be an object'],
    [config({ urls: ['mqtt'], root: 'devices' }), 'brokers[0].name'],
    [config({ name: 'a', urls: [], root: 'devices' }), 'brokers[0].urls'],
    [config({ name: 'a', urls: ['mqtt://host'], root: 'devices' }), 'wss:// or ws:// only'],
    [config({ name: 'a', urls: ['mqtt'], root: 'devices/#' }), 'brokers[0].root'],
    [config({ name: 'a', urls: ['mqtt'], root: 'd', kind: 'kafka' }), 'brokers[0].kind'],
    [config({ name: 'a', urls: ['mqtt'], root: 'd', protocol: 3 }), 'brokers[0].protocol'],
    [
      config({ name: 'a', urls: ['mqtt'], root: 'd' }, { name: 'a', urls: ['mqtt'], root: 'd' }),
      'two brokers',
    ],
    ['{"brokers":[],"record":"some"}', 'record has to be'],
  ])('%s is refused with its place', (text, words) => {
    expect(() => parseConfig(text, PAGE)).toThrow(words);
  });
});

describe('what somebody types into Broker', () => {
  const offered = parseConfig(config({ name: 'Plant 7', urls: ['mqtt'], root: 'devices' }), PAGE);

  test('a name of the list', () => {
    expect(chosenBroker(' Plant 7 ', offered, PAGE)).toBe(offered[0]);
  });

  test('an address', () => {
    expect(chosenBroker('wss://b.example/mqtt', offered, PAGE)).toEqual({
      name: 'wss://b.example/mqtt',
      urls: ['wss://b.example/mqtt'],
      root: 'devices',
    });
  });

  test.each([
    ['', 'Choose a broker'],
    ['Plant 8', 'No broker is called "Plant 8"'],
    ['mqtt://host', 'No broker is called'],
    ['wss://', 'is not an address'],
    ['wss://me:secret@host/', 'Put it in the sign-in form'],
  ])('%s is refused in one sentence', (typed, words) => {
    expect(() => chosenBroker(typed, offered, PAGE)).toThrow(words);
  });

  test('a password in an address is not repeated in the sentence', () => {
    expect(() => chosenBroker('wss://me:secret@host/', offered, PAGE)).not.toThrow('secret');
  });
});
