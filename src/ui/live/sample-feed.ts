import type { SampleColumns, SeriesId } from '../../engine-api/frame.ts';

/** Takes one sample: receive time (epoch ms) and value. */
export type SampleListener = (at: number, value: number) => void;

/** Hands every sample of the watched channels to the charts that show them. Outside of all reactive state. */
export class SampleFeed {
  #listeners = new Map<SeriesId, Set<SampleListener>>();

  /** Calls `listener` for each sample of `series` until the answer is called. */
  listen(series: SeriesId, listener: SampleListener): () => void {
    const listeners = this.#listeners.get(series) ?? new Set();
    this.#listeners.set(series, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(series);
    };
  }

  publish(columns: SampleColumns): void {
    for (let i = 0; i < columns.series.length; i++) {
      const listeners = this.#listeners.get(columns.series[i] ?? 0);
      if (listeners === undefined) continue;
      for (const listener of listeners) listener(columns.at[i] ?? 0, columns.value[i] ?? Number.NaN);
    }
  }
}
