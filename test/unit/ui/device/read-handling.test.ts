import { expect, test } from 'vitest';
import { readHandling, USUAL_HANDLING } from '../../../../src/ui/pages/device/read-handling.ts';

test('each line is a user property, and what stands after the first sign belongs to its value', () => {
  const draft = { ...USUAL_HANDLING, contentType: ' application/json ', properties: 'a=1\n\nb = x=y ' };
  expect(readHandling(draft, 5)).toEqual({
    qos: 1,
    retain: false,
    contentType: 'application/json',
    userProperties: [
      ['a', '1'],
      ['b', 'x=y'],
    ],
  });
});

test('a line that is no property is named', () => {
  expect(() => readHandling({ ...USUAL_HANDLING, properties: 'a=1\nnothing' }, 5)).toThrow('"nothing"');
});

test('MQTT 3.1.1 has neither content type nor properties', () => {
  const draft = { qos: 0, retain: true, contentType: 'text/plain', properties: 'nothing' } as const;
  expect(readHandling(draft, 4)).toEqual({ qos: 0, retain: true });
});
