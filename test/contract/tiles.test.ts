import { describe, expect, test } from 'vitest';
import type { ChannelRow } from '../../src/engine-api/frame.ts';
import { tileFor, tiles } from '../../src/ui/tiles/registry.ts';

const channels: readonly ChannelRow[] = [
  { series: 1, device: 'devices:a', channel: 't', name: 'T', kind: 'number' },
  { series: 2, device: 'devices:a', channel: 'l', name: 'L', kind: 'number', min: 0, max: 100 },
  { series: 3, device: 'devices:a', channel: 'x', name: '', kind: 'number', min: 5, max: 5 },
  { series: 4, device: 'devices:a', channel: 'on', name: 'On', kind: 'boolean' },
  { series: 5, device: 'devices:a', channel: '__proto__', name: '\u202e', kind: 'text' },
];

test('the shelf has tiles, each with a name of its own', () => {
  const names = tiles.map(({ tile }) => tile.name);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(tiles.map((module) => [module.tile.name, module] as const))('the tile %s', (name, module) => {
  test('is named as the shelf asks and is a component', () => {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(module.default).toBeTypeOf('function');
  });

  test.each(channels)('says how well it fits $channel', (channel) => {
    const fit = module.tile.fits(channel);
    expect(Number.isFinite(fit) && fit >= 0).toBe(true);
  });
});

test.each(channels)('some tile fits $channel', (channel) => {
  expect(tileFor(channel)).toBeDefined();
});

test('the tile that fits best wins', () => {
  const name = (index: number): string | undefined => {
    const channel = channels[index];
    return channel && tileFor(channel)?.tile.name;
  };
  expect([name(0), name(1), name(2), name(3), name(4)]).toEqual([
    'reading',
    'level',
    'reading',
    'switch',
    'reading',
  ]);
});
