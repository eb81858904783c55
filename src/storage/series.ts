import type { DeviceKey } from '../model/device.ts';
import type { SeriesRecord } from './records.ts';

/** The dictionary in memory. An id, once given, stays. */
export class SeriesDictionary {
  #ids = new Map<DeviceKey, Map<string, number>>();
  #leads = new Map<number, number>();
  #leadOfDevice = new Map<DeviceKey, number>();
  #last = 0;

  constructor(records: readonly SeriesRecord[]) {
    for (const record of [...records].sort((a, b) => a.id - b.id)) this.#put(record);
  }

  /** The id of a series, or `undefined` when it has none. */
  find(device: DeviceKey, channel: string): number | undefined {
    return this.#ids.get(device)?.get(channel);
  }

  /** Gives a series the next id. Call it only when {@link find} knows none. */
  allot(device: DeviceKey, channel: string): SeriesRecord {
    const record = { id: this.#last + 1, device, channel };
    this.#put(record);
    return record;
  }

  /**
   * The number under which the samples of a series' device are stored together: the smallest id that one of its channels
   * has. It stays, since channels that come later have larger ids.
   */
  leadOf = (series: number): number => this.#leads.get(series) ?? series;

  /** The same by device, or `undefined` when it has no series. */
  leadOfDevice(device: DeviceKey): number | undefined {
    return this.#leadOfDevice.get(device);
  }

  /** Every device that has series, by {@link leadOf}. */
  devicesByLead(): ReadonlyMap<number, DeviceKey> {
    return new Map([...this.#leadOfDevice].map(([device, lead]) => [lead, device]));
  }

  /** The channels of a device with their ids. */
  of(device: DeviceKey): ReadonlyMap<string, number> {
    return this.#ids.get(device) ?? new Map();
  }

  #put({ id, device, channel }: SeriesRecord): void {
    this.#channelsOf(device).set(channel, id);
    const lead = this.#leadOfDevice.get(device) ?? id;
    this.#leadOfDevice.set(device, lead);
    this.#leads.set(id, lead);
    this.#last = id;
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
