import { expect, test } from 'vitest';
import { convention } from '../../../src/conventions/devices.ts';
import type { DeviceDescription } from '../../../src/model/device.ts';
import { parseJson } from '../../../src/model/payload.ts';

const { describing } = convention.create({ root: 'site/devices' });
const NOTHING: DeviceDescription = { channels: new Map(), commands: [] };

function read(document: Readonly<Record<string, unknown>>): DeviceDescription {
  const { description } = describing.read(document);
  if (!description) throw new Error('Nothing of the document was read.');
  return description;
}

test('a description is written as the contract says it, and read back the same', () => {
  const description: DeviceDescription = {
    name: 'Boiler',
    interval: 2,
    channels: new Map([['t', { name: 'Water', unit: '°C', min: 0, max: 90, precision: 1 }]]),
    commands: [
      {
        name: 'heat',
        args: { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] },
        confirm: true,
        confirms: { channel: 'heating', equals: true },
      },
    ],
    config: { type: 'object', properties: { interval: { type: 'integer', minimum: 1 } } },
  };
  const document = describing.write(description, undefined);
  expect(document).toEqual({
    name: 'Boiler',
    interval: 2,
    channels: { t: { name: 'Water', unit: '°C', min: 0, max: 90, precision: 1 } },
    commands: [...description.commands],
    config: description.config,
  });
  expect(read(document)).toEqual(description);
});

test('what the contract does not know stays where it was, at every depth', () => {
  const over = {
    vendor: { id: 7 },
    name: 'Old',
    channels: { t: { unit: 'K', colour: 'red' } },
    commands: [{ name: 'stop', icon: 'hand' }],
  };
  const before = read(over);
  const document = describing.write(
    { ...before, name: 'New', channels: new Map([['t', { ...before.channels.get('t'), unit: '°C' }]]) },
    over,
  );
  expect(document).toEqual({
    vendor: { id: 7 },
    name: 'New',
    channels: { t: { unit: '°C', colour: 'red' } },
    commands: [{ name: 'stop', icon: 'hand' }],
  });
});

test('a field that was cut or left out when it was read is not changed by writing another one', () => {
  const over = {
    name: 'n'.repeat(200),
    kind: 7,
    channels: { t: 'no object', h: { unit: 'u'.repeat(40) } },
    commands: [{ name: 'ok' }, { name: 'bad', args: { $ref: '#' } }, 'no object'],
    config: { pattern: '(a+)+$' },
  };
  const document = describing.write({ ...read(over), location: 'Hall' }, over);
  expect(document).toMatchObject({ name: over.name, kind: 7, location: 'Hall', config: over.config });
  expect(document['channels']).toEqual(over.channels);
  expect(document['commands']).toEqual(over.commands);
});

test('a channel and a command that were taken out are gone, and so is an emptied field', () => {
  const over = { name: 'A', channels: { t: { unit: 'K' } }, commands: [{ name: 'stop' }] };
  expect(describing.write(NOTHING, over)).toEqual({});
});

test('names that reach for a prototype describe nothing else', () => {
  const json = parseJson('{"__proto__":{"name":"x"},"channels":{"__proto__":{"unit":"x"},"t":{}}}');
  const over = json.ok ? (json.value as Record<string, unknown>) : {};
  const document = describing.write({ ...NOTHING, channels: new Map([['toString', { unit: 'V' }]]) }, over);
  expect(document).toEqual({ channels: { toString: { unit: 'V' } } });
  expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
});

test('it is the retained meta at QoS 1 below the root, and nothing at all takes it away', () => {
  const [publish] = describing.publish('my-board', { name: 'Board' });
  expect(publish).toMatchObject({ topic: 'site/devices/my-board/meta', qos: 1, retain: true });
  expect(new TextDecoder().decode(publish?.payload)).toBe('{"name":"Board"}');
  expect(describing.publish('my-board', null)[0]?.payload).toHaveLength(0);
});

test.each([
  ['an id that leads elsewhere', 'a/b', {}, 'is not a device id'],
  ['a number that JSON cannot write', 'a', { interval: Infinity }, 'JSON cannot write'],
  ['more than is read', 'a', { note: 'x'.repeat(300_000) }, 'Take something out'],
])('%s is not published', (_what, device, document, why) => {
  expect(() => describing.publish(device, document)).toThrow(why);
});
