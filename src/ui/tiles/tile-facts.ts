import type { ChannelRow } from '../../engine-api/frame.ts';

/** What a tile's module says about it; see the shelf's README. */
export interface TileFacts {
  readonly name: string;
  /** How well the tile fits a channel: 0 not at all, the highest wins. Never throws. */
  fits(channel: ChannelRow): number;
}
