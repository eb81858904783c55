import type { SeriesPoints } from '../../engine-api/series.ts';
import type { Extremes } from '../../model/rollup.ts';
import { Decimator } from '../../model/series.ts';
import { Kind } from '../../model/table.ts';
import { KIND_MASK, type Columns } from '../../storage/columns.ts';

/** One channel on its way to a chart. */
export class Plot {
  readonly #numbers: Decimator;
  readonly #texts: Decimator;
  readonly #labels = new Map<string, number>();

  constructor(from: number, to: number, pixels: number) {
    this.#numbers = new Decimator(from, to, pixels);
    this.#texts = new Decimator(from, to, pixels);
  }

  /** Takes the samples `[begin, end)`, whose times never fall. */
  take({ t, number, flags, texts }: Columns, begin: number, end: number): void {
    for (let i = begin; i < end;) {
      const first = i;
      while (i < end && (flags[i]! & KIND_MASK) !== Kind.text) i++;
      if (first < i) this.#numbers.addRising(t, number, first, i);
      for (; i < end && (flags[i]! & KIND_MASK) === Kind.text; i++) this.#takeText(t[i]!, texts[number[i]!]!);
    }
  }

  /** Takes the buckets whose middle is in `[from, to)`; `width` in ms. Answers whether there were any. */
  takeRollup({ bucket, count, min, max }: Extremes, width: number, from: number, to: number): boolean {
    let any = false;
    for (let i = 0; i < bucket.length; i++) {
      const middle = (bucket[i]! + 0.5) * width;
      if (middle < from || middle >= to) continue;
      this.#numbers.addSummary(middle, count[i]!, min[i]!, max[i]!);
      any = true;
    }
    return any;
  }

  /** A channel that sent numbers and texts is drawn as what it mostly sent: the two have no common axis. */
  points(): SeriesPoints {
    const isText = this.#texts.samples > this.#numbers.samples;
    const drawn = isText ? this.#texts : this.#numbers;
    return {
      ...drawn.points(),
      ...(isText && { labels: [...this.#labels.keys()] }),
      samples: drawn.samples,
      breakAfter: drawn.breakAfter,
    };
  }

  #takeText(t: number, text: string): void {
    let label = this.#labels.get(text);
    if (label === undefined) this.#labels.set(text, (label = this.#labels.size));
    this.#texts.add(t, label);
  }
}
