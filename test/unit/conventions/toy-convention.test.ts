import { expect, test } from 'vitest';
import type { ConventionSession } from '../../../src/model/convention.ts';
import { convention } from '../../fixtures/toy-convention.ts';

const META = { retain: false, qos: 0 as const, dup: false, receivedAt: 1_800_000_000_000 };

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

function metric(alias: number, kind: number, device: string, channel: string): number[] {
  return [alias >> 8, alias & 255, kind, ...text(device), ...text(channel)];
}

function data(...pairs: (readonly [alias: number, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(pairs.length * 10));
  pairs.forEach(([alias, value], i) => {
    view.setUint16(i * 10, alias);
    view.setFloat64(i * 10 + 2, value);
  });
  return new Uint8Array(view.buffer);
}

function born(dataTopic = 'line-4/data'): ConventionSession {
  const session: ConventionSession = convention.create({ root: 'plant' });
  const metrics = [
    ...metric(300, 0, 'pump', 'flow'),
    ...metric(7, 1, 'pump', 'relay'),
    ...metric(8, 0, 'fan', 'rpm'),
  ];
  session.read('plant/north/line-4/birth', new Uint8Array([...text(dataTopic), 3, ...metrics]), META);
  return session;
}

test('a birth names the devices and leads to a topic that no filter could have known', () => {
  const session: ConventionSession = convention.create({ root: 'plant' });
  const payload = new Uint8Array([...text('x/y'), 1, ...metric(7, 1, 'pump', 'relay')]);
  expect(session.read('plant/north/line-4/birth', payload, META)).toEqual([
    { type: 'status', device: 'north/line-4/pump', online: true },
    { type: 'channel', device: 'north/line-4/pump', channel: 'relay', description: { kind: 'boolean' } },
    { type: 'subscribe', wanted: { filter: 'x/y', qos: 0, carries: 'telemetry' } },
  ]);
});

test('data by alias only becomes samples of the devices that the birth named', () => {
  const effects = born().read('line-4/data', data([300, 12.5], [7, 1], [8, 900]), META);
  expect(effects).toEqual([
    {
      type: 'samples',
      device: 'north/line-4/pump',
      channels: ['flow', 'relay'],
      values: [12.5, true],
    },
    { type: 'samples', device: 'north/line-4/fan', channels: ['rpm'], values: [900] },
  ]);
});

test('an alias that no birth named: one request for a birth, until there is one', () => {
  const session = born();
  const [effect] = session.read('line-4/data', data([999, 1]), META);
  expect(effect).toMatchObject({
    type: 'publish',
    publish: { topic: 'plant/north/line-4/rebirth', retain: false },
  });
  expect(session.read('line-4/data', data([999, 1]), META)).toEqual([]);
});

test('a new birth with another data topic leaves the old one', () => {
  const session = born('old/data');
  const effects = session.read('plant/north/line-4/birth', new Uint8Array([...text('new/data'), 0]), META);
  expect(effects).toEqual([
    { type: 'unsubscribe', filter: 'old/data' },
    { type: 'subscribe', wanted: { filter: 'new/data', qos: 0, carries: 'telemetry' } },
  ]);
  expect(session.read('old/data', data([7, 1]), META)).toEqual([]);
});

test('the death of a node takes its devices offline', () => {
  expect(born().read('plant/north/line-4/death', new Uint8Array(), META)).toEqual([
    { type: 'status', device: 'north/line-4/pump', online: false },
    { type: 'status', device: 'north/line-4/fan', online: false },
  ]);
});

test('data that is cut short keeps what was whole', () => {
  const effects = born().read('line-4/data', data([300, 1], [7, 1]).slice(0, 14), META);
  expect(effects).toEqual([
    { type: 'samples', device: 'north/line-4/pump', channels: ['flow'], values: [1] },
    { type: 'problem', message: 'Data of "north/line-4" is cut short.' },
  ]);
});
