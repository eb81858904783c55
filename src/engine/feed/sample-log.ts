import type { SampleColumns, SeriesId } from '../../engine-api/frame.ts';

/** A page that takes no frames for long reads the rest from history when it asks again. */
const MAX_SAMPLES = 65_536;

/** Samples in growing columns: no object for each. */
export class SampleLog {
  size = 0;
  #series = new Uint32Array(256);
  #at = new Float64Array(256);
  #value = new Float64Array(256);

  add(series: SeriesId, at: number, value: number): void {
    if (this.size >= MAX_SAMPLES) return;
    if (this.size === this.#series.length) this.#grow();
    this.#series[this.size] = series;
    this.#at[this.size] = at;
    this.#value[this.size] = value;
    this.size++;
  }

  /** Hands over what was added, in buffers of its own, and starts again. */
  take(): SampleColumns {
    const columns = {
      series: this.#series.slice(0, this.size),
      at: this.#at.slice(0, this.size),
      value: this.#value.slice(0, this.size),
    };
    this.size = 0;
    return columns;
  }

  clear(): void {
    this.size = 0;
  }

  #grow(): void {
    const series = new Uint32Array(this.size * 2);
    const at = new Float64Array(this.size * 2);
    const value = new Float64Array(this.size * 2);
    series.set(this.#series);
    at.set(this.#at);
    value.set(this.#value);
    [this.#series, this.#at, this.#value] = [series, at, value];
  }
}
