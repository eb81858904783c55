import { expect, test } from 'vitest';
import type { DemoDevice } from '../../../src/demo/create-demo-device.ts';
import { boiler } from '../../../src/demo/devices/boiler.ts';
import { climate } from '../../../src/demo/devices/climate.ts';
import { compressor } from '../../../src/demo/devices/compressor.ts';
import { door } from '../../../src/demo/devices/door.ts';
import { freezer } from '../../../src/demo/devices/freezer.ts';
import { lamp } from '../../../src/demo/devices/lamp.ts';
import { machine } from '../../../src/demo/devices/machine.ts';
import { meter } from '../../../src/demo/devices/meter.ts';
import { pump } from '../../../src/demo/devices/pump.ts';
import { sketch } from '../../../src/demo/devices/sketch.ts';
import { tank } from '../../../src/demo/devices/tank.ts';
import { truck } from '../../../src/demo/devices/truck.ts';
import { weather } from '../../../src/demo/devices/weather.ts';
import { NOW, command, lastReading, makeDevice, telemetry } from './run-device.ts';

const MINUTE = 60_000;
const configure = (device: DemoDevice, payload: string) =>
  device.configure(new TextEncoder().encode(payload)).act(MINUTE);
const parse = (payload: string) => JSON.parse(payload) as Record<string, never>;

test('the climate sensor sends t, h and its uptime, and nothing else', () => {
  const readings = telemetry(makeDevice(climate), 0, MINUTE).map(parse);
  expect(readings.map((reading) => Object.keys(reading).join())).toEqual(Array(60).fill('t,h,ts'));
  expect(readings.map(({ ts }) => ts)).toEqual(readings.map((_, i) => i * 1000));
});

test('the climate sensor takes over a correction and reports it', () => {
  const device = makeDevice(climate);
  const before = Number(lastReading(device, 0, MINUTE)['t']);
  const [reported] = configure(device, '{"offset":-3}');
  expect(reported).toEqual({ leaf: 'config/reported', payload: '{"offset":-3}', qos: 1, retain: true });
  expect(Number(lastReading(device, MINUTE, MINUTE + 1)['t'])).toBeCloseTo(before - 3, 0);
  expect(configure(device, '{"offset":99}')[0]?.payload).toBe('{"offset":-3}');
});

test('the boiler keeps the hottest that it allows, whatever it is asked', () => {
  const device = makeDevice(boiler);
  expect(configure(device, '{"limit":90}')[0]?.payload).toBe('{"limit":80,"hysteresis":2}');
});

test('the cold store takes a configuration over when its defrosting allows, some seconds later', () => {
  const reaction = makeDevice(freezer).configure(new TextEncoder().encode('{"target":-22}'));
  expect(reaction.after).toBe(6_000);
  expect(reaction.act(6_000)[0]?.payload).toBe('{"target":-22}');
});

test('the street lamp takes a configuration and never reports it', () => {
  const device = makeDevice(lamp);
  expect(device.takesConfig).toBe(true);
  expect(configure(device, '{"standby":true}')).toEqual([]);
});

test('switching the relay of the pump off stops flow, current and pressure', () => {
  const device = makeDevice(pump);
  expect(lastReading(device, 0, MINUTE)).toMatchObject({ relay: true });
  expect(lastReading(device, MINUTE, MINUTE + 1)['flow']).toBeGreaterThan(30);
  const [ack] = command(device, { id: 'a', name: 'relay', args: { on: false } }, MINUTE + 1);
  expect(ack).toEqual({ id: 'a', ok: true, result: { relay: false } });
  const after = lastReading(device, MINUTE + 1000, 2 * MINUTE);
  expect(after).toMatchObject({ relay: false, flow: 0, current: 0 });
  expect(after['pressure']).toBeCloseTo(0.3, 1);
});

test('the relay does not reach back to the reading before', () => {
  const device = makeDevice(pump);
  lastReading(device, 0, MINUTE);
  const { after, act } = device.command(
    new TextEncoder().encode('{"id":"a","name":"relay","args":{"on":false}}'),
  );
  expect(after).toBe(300);
  const sent = act(MINUTE - 1000 + 900).find(({ leaf }) => leaf === 'telemetry');
  const reading = parse(sent?.payload ?? '');
  expect(reading['relay']).toBe(false);
  expect(reading['flow']).toBeGreaterThan(30);
});

test('the current of the pump falls far faster with its speed than the flow', () => {
  const device = makeDevice(pump);
  const fast = lastReading(device, 0, MINUTE);
  command(device, { id: 'a', name: 'speed', args: { percent: 40 } }, MINUTE);
  const slow = lastReading(device, MINUTE, 2 * MINUTE);
  expect(Number(slow['flow']) / Number(fast['flow'])).toBeCloseTo(0.5, 1);
  expect(Number(slow['current']) / Number(fast['current'])).toBeLessThan(0.4);
});

test('a new setpoint moves the water of the boiler, and its mode too', () => {
  const device = makeDevice(boiler);
  expect(Math.abs(Number(lastReading(device, 0, 10 * MINUTE)['t']) - 60)).toBeLessThan(3.5);
  command(device, { id: 'a', name: 'setpoint', args: { value: 75 } }, 10 * MINUTE);
  expect(lastReading(device, 10 * MINUTE, 11 * MINUTE)).toMatchObject({ setpoint: 75, burner: true });
  expect(Math.abs(Number(lastReading(device, 11 * MINUTE, 20 * MINUTE)['t']) - 75)).toBeLessThan(3.5);
  command(device, { id: 'b', name: 'mode', args: { mode: 'off' } }, 20 * MINUTE);
  expect(lastReading(device, 20 * MINUTE, 50 * MINUTE)['t']).toBeLessThan(40);
});

test('the energy of the meter is the sum of its power over time', () => {
  const readings = telemetry(makeDevice(meter), 0, 10 * MINUTE).map((payload) => parse(payload));
  const energy = Number(readings.at(-1)?.['kwh']) - Number(readings[0]?.['kwh']);
  const power = readings.slice(1).reduce((sum, reading) => sum + Number(reading['w']), 0) / 3_600_000;
  expect(energy).toBeCloseTo(power, 2);
});

test('the truck goes as far as its speed says, and within the town', () => {
  const readings = telemetry(makeDevice(truck), 0, 20 * MINUTE).map((payload) => parse(payload));
  for (const [i, reading] of readings.slice(1).entries()) {
    const before = readings[i]!;
    const north = (Number(reading['lat']) - Number(before['lat'])) * 111_195;
    const east =
      (Number(reading['lon']) - Number(before['lon'])) * 111_195 * Math.cos(53.08 * (Math.PI / 180));
    // 25 m: where it rolls into the depot.
    expect(Math.hypot(north, east)).toBeLessThan(Number(reading['speed']) / 3.6 + 30);
    expect(reading['ts']).toBe(Math.round(NOW / 1000));
  }
  expect(new Set(readings.map(({ speed }) => speed === 0)).size).toBe(2);
});

test('the tank fills when it is low and stops when it is full', () => {
  const levels = telemetry(makeDevice(tank), 0, 120 * MINUTE).map((payload) => parse(payload));
  expect(Math.min(...levels.map(({ level }) => Number(level)))).toBeGreaterThan(28);
  expect(Math.max(...levels.map(({ level }) => Number(level)))).toBeLessThan(92);
  expect(new Set(levels.map(({ inlet }) => inlet)).size).toBe(2);
});

test('the vibration alarm stays until it is reset, and not before the machine is quiet', () => {
  const device = makeDevice(machine);
  let uptime = 0;
  const until = (wanted: (reading: Record<string, unknown>) => boolean) => {
    for (; !wanted(lastReading(device, uptime, uptime + 1)); uptime += 1000);
  };
  until(({ alarm }) => alarm === true);
  const [refused] = command(device, { id: 'a', name: 'reset-alarm' }, uptime);
  expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(/still \d/) as string });
  until(({ vibration }) => Number(vibration) < 2);
  expect(lastReading(device, uptime, uptime + 1)['alarm']).toBe(true);
  expect(command(device, { id: 'b', name: 'reset-alarm' }, uptime)).toMatchObject([{ ok: true }]);
  expect(lastReading(device, uptime, uptime + 1)['alarm']).toBe(false);
});

test('the door speaks when it moves, and within a minute when it does not', () => {
  const device = makeDevice(door);
  const gaps: number[] = [];
  const states: unknown[] = [];
  for (let uptime = 0; uptime < 60 * MINUTE;) {
    const { messages, nextIn } = device.tick(uptime);
    expect(messages.map(({ qos }) => qos)).toEqual([1]);
    states.push(parse(messages[0]!.payload)['open']);
    gaps.push(nextIn);
    uptime += nextIn;
  }
  expect(Math.max(...gaps)).toBeLessThan(MINUTE + 1);
  expect(states.filter((open, i) => i > 0 && open !== states[i - 1]).length).toBeGreaterThan(20);
});

test('the lamp obeys and says nothing but its telemetry', () => {
  const device = makeDevice(lamp);
  expect(lastReading(device, 0, MINUTE)).toMatchObject({ on: false, level: 0 });
  expect(command(device, { id: 'a', name: 'on' }, MINUTE)).toEqual([]);
  expect(lastReading(device, MINUTE, 2 * MINUTE)).toMatchObject({ on: true, level: 70 });
});

test('the sketch takes raw JSON and knows neither meta nor ack', () => {
  const device = makeDevice(sketch);
  expect(device.introduce(0).map(({ leaf }) => leaf)).toEqual(['telemetry']);
  expect(command(device, { led: true }, 1000)).toEqual([]);
  expect(lastReading(device, 2000, 2001)['led']).toBe(true);
});

test('the clock of the freezer is a day ahead, and it takes commands all the same', () => {
  const device = makeDevice(freezer);
  expect(Date.parse(String(lastReading(device, 0, MINUTE)['ts']))).toBe(NOW + 86_400_000);
  const payload = { id: 'a', name: 'defrost', args: { seconds: 60 }, exp: NOW + 1000, ttl: 1 };
  expect(command(device, payload, MINUTE)).toMatchObject([{ ok: true }]);
  expect(lastReading(device, MINUTE, MINUTE + 1)).toMatchObject({ defrost: true, compressor: false });
});

test('the air compressor sends one broken line a minute, and good ones all the time', () => {
  const broken = telemetry(makeDevice(compressor), 0, 10 * MINUTE + 1).filter((payload) => {
    try {
      JSON.parse(payload);
      return false;
    } catch {
      return true;
    }
  });
  expect(broken).toHaveLength(10);
});

test('the weather station loses its link every few minutes, for some seconds', () => {
  const device = makeDevice(weather);
  const drops: number[] = [];
  for (let uptime = 0; uptime < 60 * MINUTE; uptime += 2000) {
    const { dropFor } = device.tick(uptime);
    if (dropFor !== undefined) drops.push(dropFor);
  }
  expect(drops.length).toBeGreaterThan(10);
  expect(drops.length).toBeLessThan(30);
  expect(Math.min(...drops)).toBeGreaterThan(5000);
  expect(Math.max(...drops)).toBeLessThan(30_000);
});
