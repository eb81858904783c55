import type { Gap } from '../engine-api/series.ts';
import type { DeviceKey } from '../model/device.ts';
import type { DeviceRecord } from '../storage/devices.ts';
import { SampleBuffer } from '../storage/sample-buffer.ts';
import type { SeriesRecord } from '../storage/series.ts';
import type { Flush } from '../storage/write-flush.ts';

/** What has been recorded since the last flush and belongs into the next. */
export class Draft {
  readonly samples = new SampleBuffer();
  #series: SeriesRecord[] = [];
  #devices = new Map<DeviceKey, DeviceRecord | undefined>();
  #gaps: Gap[] = [];
  #heardUntil: number | undefined;

  get isEmpty(): boolean {
    return (
      this.samples.length === 0 &&
      this.#series.length === 0 &&
      this.#devices.size === 0 &&
      this.#gaps.length === 0 &&
      this.#heardUntil === undefined
    );
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

  heard(until: number): void {
    this.#heardUntil = until;
  }

  /** Hands over everything and starts again. */
  take(): Flush {
    const block = this.samples.block();
    const flush: Flush = {
      series: this.#series,
      devices: this.#devices,
      gaps: this.#gaps,
      ...(block && { block }),
      ...(this.#heardUntil !== undefined && { heardUntil: this.#heardUntil }),
    };
    this.samples.clear();
    this.#series = [];
    this.#devices = new Map();
    this.#gaps = [];
    this.#heardUntil = undefined;
    return flush;
  }

  /** Takes back what is small and still true of a flush that failed: everything but its samples. */
  putBack(flush: Flush): void {
    this.#series.unshift(...flush.series);
    this.#gaps.unshift(...flush.gaps);
    this.#devices = new Map([...flush.devices, ...this.#devices]);
    this.#heardUntil ??= flush.heardUntil;
  }
}
