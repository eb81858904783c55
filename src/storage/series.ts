import type { DeviceKey } from '../model/device.ts';

/** An entry of the dictionary: the number that stands for a device and channel in frames and in the store. */
export interface SeriesRecord {
  /** u32, from 1. */
  readonly id: number;
  readonly device: DeviceKey;
  readonly channel: string;
}

/** The dictionary in memory. An id, once given, stays. */
export class SeriesDictionary {
  #ids = new Map<DeviceKey, Map<string, number>>();
  #last = 0;

  constructor(records: readonly SeriesRecord[]) {
    for (const record of records) {
      this.#channelsOf(record.device).set(record.channel, record.id);
      if (record.id > this.#last) this.#last = record.id;
    }
  }

  /** The id of a series, or `undefined` when it has none. */
  find(device: DeviceKey, channel: string): number | undefined {
    return this.#ids.get(device)?.get(channel);
  }

  /** Gives a series the next id. Call it only when {@link find} knows none. */
  allot(device: DeviceKey, channel: string): SeriesRecord {
    const id = ++this.#last;
    this.#channelsOf(device).set(channel, id);
    return { id, device, channel };
  }

  /** The channels of a device with their ids. */
  of(device: DeviceKey): ReadonlyMap<string, number> {
    return this.#ids.get(device) ?? new Map();
  }

  #channelsOf(device: DeviceKey): Map<string, number> {
    let channels = this.#ids.get(device);
    if (channels === undefined) {
      channels = new Map();
      this.#ids.set(device, channels);
    }
    return channels;
  }
}
