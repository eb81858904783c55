import { expect, test } from 'vitest';
import { parseFleetFlags } from '../../../src/node/fleet-flags.ts';

test('a broker alone is enough', () => {
  expect(parseFleetFlags(['--broker', 'mqtt://localhost:1883'])).toEqual({
    help: false,
    broker: 'mqtt://localhost:1883',
    devices: 24,
    rate: undefined,
    seed: undefined,
    credentials: undefined,
    root: 'devices',
  });
});

test('every flag is taken, with a space or an equals sign', () => {
  const args = ['--broker=mqtts://b', '--devices', '3', '--rate=0.5', '--seed', '7', '--root', 'site/a'];
  expect(parseFleetFlags([...args, '--credentials', 'f.json'])).toEqual({
    help: false,
    broker: 'mqtts://b',
    devices: 3,
    rate: 0.5,
    seed: 7,
    credentials: 'f.json',
    root: 'site/a',
  });
});

test.each([
  [[], '--broker is missing: say which broker, as mqtt://localhost:1883.'],
  [['--broker', 'http://x'], '--broker takes an address as mqtt://localhost:1883, not "http://x".'],
  [['--broker', 'mqtt://u:p@x'], '--broker takes no sign-in; put each device into a file for --credentials.'],
  [['--broker', 'mqtt://x', '--devices', '0'], '--devices takes a whole number from 1 to 20000, not "0".'],
  [['--broker', 'mqtt://x', '--devices', '-3'], '--devices takes a whole number from 1 to 20000, not "-3".'],
  [['--broker', 'mqtt://x', '--rate', 'fast'], '--rate takes a number from 0.001 to 100000, not "fast".'],
  [['--broker', 'mqtt://x', '--rate'], '--rate needs a value.'],
  [['--broker', '--devices', '3'], '--broker needs a value.'],
  [['--brokr', 'mqtt://x'], 'There is no flag "--brokr".'],
  [['mqtt://x'], 'There is no use for "mqtt://x".'],
  [
    ['--broker', 'mqtt://x', '--root', 'a/#'],
    '--root takes a topic without wildcards and outer slashes, as devices, not "a/#".',
  ],
])('%j is refused with one sentence', (args, message) => {
  expect(() => parseFleetFlags(args)).toThrow(
    expect.objectContaining({
      message: `${message} Run "npm run simulate -- --help" for the flags.`,
      exitCode: 2,
    }) as Error,
  );
});
