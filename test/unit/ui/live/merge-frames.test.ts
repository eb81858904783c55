import { describe, expect, test } from 'vitest';
import type { DeviceRow, Frame, ValueColumns } from '../../../../src/engine-api/frame.ts';
import { mergeFrames } from '../../../../src/ui/live/merge-frames.ts';

const row = (id: string, problems = 0): DeviceRow => ({
  key: `devices:${id}`,
  id,
  status: 'online',
  channels: [],
  problems,
});

function values(entries: readonly (readonly [number, number | string])[]): ValueColumns {
  return {
    series: Uint32Array.from(entries, ([series]) => series),
    at: Float64Array.from(entries, (_, i) => i),
    number: Float64Array.from(entries, ([, value]) => (typeof value === 'number' ? value : Number.NaN)),
    source: new Uint8Array(entries.length),
    other: entries.flatMap(([, value], i) => (typeof value === 'string' ? [[i, value] as const] : [])),
  };
}

describe('two frames as one', () => {
  test('the later row of a device replaces the earlier one', () => {
    const merged = mergeFrames({ devices: [row('a'), row('b')] }, { devices: [row('a', 2)] });
    expect(merged.devices?.map(({ id, problems }) => [id, problems])).toEqual([
      ['b', 0],
      ['a', 2],
    ]);
  });

  test('a device that came and went is gone, and one that went and came is there', () => {
    const gone = mergeFrames({ devices: [row('a')] }, { removed: ['devices:a'] });
    expect([gone.devices, gone.removed]).toEqual([[], ['devices:a']]);
    const back = mergeFrames({ removed: ['devices:a'] }, { devices: [row('a')] });
    expect([back.devices?.length, back.removed]).toEqual([1, []]);
  });

  test('values stay in order of arrival and texts keep their places', () => {
    const first = values([
      [1, 10],
      [2, 'idle'],
    ]);
    const second = values([
      [2, 'busy'],
      [1, 11],
    ]);
    const { values: merged } = mergeFrames({ values: first }, { values: second });
    expect([...(merged?.series ?? [])]).toEqual([1, 2, 2, 1]);
    expect(merged?.other).toEqual([
      [1, 'idle'],
      [2, 'busy'],
    ]);
    expect(merged?.number[3]).toBe(11);
  });

  test('samples are all kept', () => {
    const samples = (n: number) => ({
      series: Uint32Array.of(1),
      at: Float64Array.of(n),
      value: Float64Array.of(n),
    });
    expect([...(mergeFrames({ samples: samples(1) }, { samples: samples(2) }).samples?.at ?? [])]).toEqual([
      1, 2,
    ]);
  });

  test('what crosses as a whole is the later one, and a part that did not change stays', () => {
    const older: Frame = { alerts: [], policy: null, subscriptions: [{ filter: 'a/#', state: 'asked' }] };
    const newer: Frame = { subscriptions: [] };
    expect(mergeFrames(older, newer)).toMatchObject({ alerts: [], policy: null, subscriptions: [] });
  });

  test('a snapshot forgets what was before it, and what follows it stays a snapshot', () => {
    const snapshot: Frame = { snapshot: true, devices: [row('b')] };
    expect(mergeFrames({ devices: [row('a')] }, snapshot)).toBe(snapshot);
    const merged = mergeFrames(snapshot, { devices: [row('c')] });
    expect([merged.snapshot, merged.devices?.length]).toEqual([true, 2]);
  });
});
