import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../src/ui/parse-address.ts';

test.each([
  ['', 'fleet'],
  ['#', 'fleet'],
  ['#/', 'fleet'],
  ['#/fleet', 'fleet'],
  ['#/sign-in', 'sign-in'],
  ['#/connection?broker=plant', 'connection'],
  ['#/device/', 'unknown'],
  ['#/device', 'unknown'],
  ['#/nowhere', 'unknown'],
  ['#/fleet/more', 'unknown'],
  ['#/__proto__', 'unknown'],
])('%s is the page %s', (hash, page) => {
  expect(parseAddress(hash).page).toBe(page);
});

test('a device with its range and broker', () => {
  expect(parseAddress('#/device/pump-2?range=6h&broker=Plant%207')).toEqual({
    page: 'device',
    device: 'pump-2',
    range: '6h',
    broker: 'Plant 7',
  });
});

test('a range that is none is the shortest, also when it is called like a method', () => {
  expect(parseAddress('#/device/a?range=2y').range).toBe('15m');
  expect(parseAddress('#/device/a?range=toString').range).toBe('15m');
});

test('an id that is not well encoded is taken as it stands', () => {
  expect(parseAddress('#/device/50%').device).toBe('50%');
});

test.each(['pump-2', 'sparkplug-b:group%2Fnode%2Fdevice', 'a/b', 'ü?&#'])(
  'the id %s survives its address',
  (device) => {
    const hash = formatAddress({ page: 'device', device, range: '24h', broker: 'a&b' });
    expect(parseAddress(hash)).toEqual({ page: 'device', device, range: '24h', broker: 'a&b' });
  },
);
