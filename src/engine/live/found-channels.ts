import type { SeriesId } from '../../engine-api/frame.ts';
import type { ChannelState, DeviceState } from './device-state.ts';

/**
 * Where the channels of a samples effect are. A convention that says the next message of a device with the same effect
 * brings it along, and none of them has to be looked for by its name.
 */
export class FoundChannels {
  readonly device: DeviceState;
  readonly channels: readonly ChannelState[];
  readonly series: readonly SeriesId[];
  /** Which of the effect's values the channels are for; missing where they are for all. */
  readonly places: readonly number[] | undefined;

  /** @param found one for each of the effect's values; `undefined` where the device has too many */
  constructor(device: DeviceState, found: readonly (ChannelState | undefined)[]) {
    this.device = device;
    this.channels = found.filter((channel) => channel !== undefined);
    this.series = this.channels.map(({ series }) => series);
    const isFull = this.channels.length < found.length;
    this.places = isFull ? found.flatMap((channel, i) => (channel ? [i] : [])) : undefined;
  }
}
