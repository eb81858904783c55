import type { Gap } from '../../engine-api/series.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import { SampleBuffer } from '../../storage/sample-buffer.ts';
import type { DeviceRecord, SeriesRecord } from '../../storage/records.ts';
import type { Flush } from '../../storage/write-flush.ts';

/** A flush holds so many events; who causes more in a second is not worth the memory. */
const MAX_EVENTS = 1000;

/** What has been recorded since the last flush and belongs into the next. */
export class Draft {
  readonly samples = new SampleBuffer();
  #series: SeriesRecord[] = [];
  #devices = new Map<DeviceKey, DeviceRecord | undefined>();
  #gaps: Gap[] = [];
  #events: HistoryEvent[] = [];
  #leftOut = 0;
  #heardUntil: number | undefined;

  get isEmpty(): boolean {
    return (
      this.samples.length === 0 &&
      this.#series.length === 0 &&
      this.#devices.size === 0 &&
      this.#gaps.length === 0 &&
      this.#events.length === 0 &&
      this.#heardUntil === undefined
    );
  }

  /** How many series and devices: each is a record of its own. */
  get names(): number {
    return this.#series.length + this.#devices.size;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  addSeries(record: SeriesRecord): void {
    this.#series.push(record);
  }

  putDevice(key: DeviceKey, record: DeviceRecord | undefined): void {
    this.#devices.set(key, record);
  }

  addGap(gap: Gap): void {
    this.#gaps.push(gap);
  }

  addEvent(event: HistoryEvent): void {
    if (this.#events.length < MAX_EVENTS) this.#events.push(event);
    else this.#leftOut++;
  }

  heard(until: number): void {
    this.#heardUntil = until;
  }

  /** Hands over so many series and devices, those that came first, and nothing else. */
  takeNames(most: number): Flush {
    const series = this.#series.splice(0, most);
    return { series, devices: this.#takeDevices(most - series.length), gaps: [], events: [] };
  }

  /** Hands over everything, of the devices at most so many, and starts again with the rest. */
  take(maxDevices: number): Flush {
    const last = this.#events.at(-1);
    if (last !== undefined && this.#leftOut > 0) {
      const message = `${this.#leftOut} more events came at once and are not kept.`;
      this.#events.push({ kind: 'problem', at: last.at, topic: '', message });
    }
    const block = this.samples.take();
    const flush: Flush = {
      series: this.#series,
      devices: this.#takeDevices(maxDevices),
      gaps: this.#gaps,
      events: this.#events,
      ...(block && { block }),
      ...(this.#heardUntil !== undefined && { heardUntil: this.#heardUntil }),
    };
    this.#series = [];
    this.#gaps = [];
    this.#events = [];
    this.#leftOut = 0;
    this.#heardUntil = undefined;
    return flush;
  }

  #takeDevices(most: number): ReadonlyMap<DeviceKey, DeviceRecord | undefined> {
    const all = this.#devices;
    if (all.size <= most) {
      this.#devices = new Map();
      return all;
    }
    const entries = [...all];
    this.#devices = new Map(entries.slice(most));
    return new Map(entries.slice(0, most));
  }

  /** Takes back what is small and still true of a flush that failed: everything but its samples. */
  putBack(flush: Flush): void {
    this.#series.unshift(...flush.series);
    this.#gaps.unshift(...flush.gaps);
    this.#events = [...flush.events, ...this.#events].slice(-MAX_EVENTS);
    this.#devices = new Map([...flush.devices, ...this.#devices]);
    this.#heardUntil ??= flush.heardUntil;
  }
}
