import type { Component } from 'svelte';
import type { ChannelRow } from '../../engine-api/frame.ts';
import type { TileFacts } from './tile-facts.ts';

/** One file of the shelf. */
export interface TileModule {
  readonly default: Component<{ channel: ChannelRow }>;
  readonly tile: TileFacts;
}

/** Every tile of the shelf. */
export const tiles: readonly TileModule[] = Object.values(
  import.meta.glob<TileModule>('./*.svelte', { eager: true }),
);

/** The tile that fits `channel` best, of the shelf or of `shelf`. `undefined` when none does. */
export function tileFor(channel: ChannelRow, shelf: readonly TileModule[] = tiles): TileModule | undefined {
  const rated = shelf
    .map((module) => ({ module, fit: module.tile.fits(channel) }))
    .filter(({ fit }) => fit > 0);
  return rated.sort((a, b) => b.fit - a.fit)[0]?.module;
}
