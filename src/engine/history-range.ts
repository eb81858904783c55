import type { Gap, SeriesAnswer, SeriesPoints, SeriesRequest } from '../engine-api/series.ts';
import { Decimator } from '../model/series.ts';
import { Kind, KIND_MASK } from '../storage/columns.ts';
import { openReading, readSamples, visitBlock, type Visit } from '../storage/read-samples.ts';
import type { SeriesDictionary } from '../storage/series.ts';
import type { HistoryWriter } from './history-writer.ts';

const MAX_PIXELS = 10_000;

/** One channel on its way to a chart. */
class Plot {
  readonly #numbers: Decimator;
  readonly #texts: Decimator;
  readonly #labels = new Map<string, number>();

  constructor(from: number, to: number, pixels: number) {
    this.#numbers = new Decimator(from, to, pixels);
    this.#texts = new Decimator(from, to, pixels);
  }

  readonly take: Visit = (_series, columns, i) => {
    const number = columns.number[i]!;
    if ((columns.flags[i]! & KIND_MASK) !== Kind.text) {
      this.#numbers.add(columns.t[i]!, number);
      return;
    }
    const text = columns.texts[number]!;
    let label = this.#labels.get(text);
    if (label === undefined) this.#labels.set(text, (label = this.#labels.size));
    this.#texts.add(columns.t[i]!, label);
  };

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
}

/** Gaps as a chart draws them: within the range, in order, and one where they touch. */
export function mergeGaps(gaps: readonly Gap[], from: number, to: number): Gap[] {
  const merged: { from: number; to: number }[] = [];
  for (const gap of [...gaps].sort((a, b) => a.from - b.from)) {
    const begin = Math.max(gap.from, from);
    const end = Math.min(gap.to, to);
    if (begin >= end) continue;
    const last = merged.at(-1);
    if (last !== undefined && begin <= last.to) last.to = Math.max(last.to, end);
    else merged.push({ from: begin, to: end });
  }
  return merged;
}

/** Answers a request (whose range is not empty) from what is stored and what is not stored yet, every sample once. */
export async function readRange(
  writer: HistoryWriter,
  dictionary: SeriesDictionary,
  request: SeriesRequest,
): Promise<SeriesAnswer> {
  const { from, to } = request;
  const pixels = Math.min(MAX_PIXELS, Math.max(1, request.pixels));
  const plots = new Map<number, Plot>();
  const answers = request.channels.map(({ device, channel }) => {
    const id = dictionary.find(device, channel);
    const plot = (id !== undefined && plots.get(id)) || new Plot(from, to, pixels);
    if (id !== undefined) plots.set(id, plot);
    return plot;
  });
  const wanted = new Set(plots.keys());
  const visit: Visit = (series, columns, i) => plots.get(series)!.take(series, columns, i);

  // The view of the store and what is not in it must be taken in one turn.
  const opening = writer.db && openReading(writer.db);
  const { pending, others, gaps } = writer.unwritten();
  const found: Gap[] = [...gaps];
  const blocks = [...others];
  if (opening === undefined) {
    if (pending !== undefined) blocks.unshift(pending.block);
  } else {
    const reading = await opening;
    found.push(...(await readSamples(reading, wanted, from, to, visit)));
    if (pending !== undefined && pending.seq > reading.lastSeq) blocks.unshift(pending.block);
  }
  for (const block of blocks) visitBlock(block, wanted, from, to, visit);
  return { series: answers.map((plot) => plot.points()), gaps: mergeGaps(found, from, to) };
}
