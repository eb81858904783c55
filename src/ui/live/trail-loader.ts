import type { ChannelRow } from '../../engine-api/frame.ts';
import type { EngineClient } from '../engine.svelte.ts';
import { TRAIL_MS } from './trails.ts';
import type { Trails } from './trails.ts';

/** Cards that appear together ask together. */
const GATHER_MS = 40;
const PIXELS = 160;

/** Fetches the past of sparklines: one call for all cards that came into view together. */
export class TrailLoader {
  #engine: EngineClient;
  #trails: Trails;
  #wanted = new Map<number, ChannelRow>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: EngineClient, trails: Trails) {
    this.#engine = engine;
    this.#trails = trails;
  }

  want(channel: ChannelRow): void {
    this.#wanted.set(channel.series, channel);
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#load(), GATHER_MS);
  }

  async #load(): Promise<void> {
    const channels = [...this.#wanted.values()];
    this.#wanted.clear();
    this.#timer = undefined;
    const to = Date.now();
    const request = {
      channels: channels.map(({ device, channel }) => ({ device, channel })),
      from: to - TRAIL_MS,
      to,
      pixels: PIXELS,
    };
    const { series, gaps } = await this.#engine.call('series', request).catch(() => NOTHING);
    channels.forEach((channel, i) => this.#trails.begin(channel.series, series[i] ?? NO_POINTS, gaps));
  }
}

const NO_POINTS = { at: new Float64Array(), value: new Float64Array(), samples: 0, breakAfter: 60_000 };
/** Where the history cannot be read a trail begins with what comes; the storage banner says why. */
const NOTHING = { series: [], gaps: [] };
