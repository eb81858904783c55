import type { Gap, SeriesAnswer, SeriesRequest } from '../../engine-api/series.ts';
import { readGaps } from '../../storage/gaps.ts';
import type { LogCache } from '../../storage/log-cache.ts';
import {
  openReading,
  readChunks,
  readRecent,
  visitBlock,
  type Reading,
  type StillWanted,
  type Visit,
} from '../../storage/read-samples.ts';
import { readRollups } from '../../storage/rollups.ts';
import type { SeriesDictionary } from '../../storage/series.ts';
import { coarsest, fewSamples, stretches, type Stretch } from './history-detail.ts';
import { Plot } from './history-plot.ts';
import type { HistoryWriter } from './history-writer.ts';

const MAX_PIXELS = 10_000;

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

/** The channels of one request that a store is asked for. */
interface Wanted {
  readonly plots: ReadonlyMap<number, Plot>;
  /** The series of each device, by `leadOf`. */
  readonly byLead: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Reads one stretch of what is in chunks. */
async function readStretch(
  reading: Reading,
  { plots, byLead }: Wanted,
  { from, to, detail }: Stretch,
  visit: Visit,
  stillWanted: StillWanted,
): Promise<void> {
  const readOne = (lead: number, series: ReadonlySet<number>) =>
    readChunks(reading, lead, series, from, to, visit, stillWanted);
  if (detail === 'samples') {
    await Promise.all([...byLead].map(([lead, series]) => readOne(lead, series)));
    return;
  }
  const readDevice = async (lead: number, series: ReadonlySet<number>) => {
    // Texts cannot be summed up: what has no rollups is read sample by sample, as far back as samples are kept.
    const without = new Set(series);
    await readRollups(reading.tx, lead, series, detail, from, to, (one, rollup) => {
      stillWanted();
      if (plots.get(one)!.takeRollup(rollup, detail, from, to)) without.delete(one);
    });
    if (without.size > 0) await readOne(lead, without);
  };
  await Promise.all([...byLead].map(([lead, series]) => readDevice(lead, series)));
}

async function readStored(
  reading: Reading,
  cache: LogCache,
  wanted: Wanted,
  { from, to, pixels }: SeriesRequest,
  visit: Visit,
  stillWanted: StillWanted,
): Promise<void> {
  const { plots, byLead } = wanted;
  const leads = new Set(byLead.keys());
  let detail = coarsest(from, to, pixels);
  const { samples } = reading.account.floors;
  if (detail !== 'samples' && (await fewSamples(reading, leads, Math.max(from, samples), to)))
    detail = 'samples';
  for (const stretch of stretches(reading, from, to, detail)) {
    await readStretch(reading, wanted, stretch, visit, stillWanted);
    stillWanted();
  }
  await readRecent(reading, cache, leads, new Set(plots.keys()), from, to, visit, stillWanted);
}

/** Answers a request (whose range is not empty) from what is stored and what is not stored yet, every sample once. */
export async function readRange(
  writer: HistoryWriter,
  dictionary: SeriesDictionary,
  request: SeriesRequest,
  stillWanted: StillWanted,
): Promise<SeriesAnswer> {
  const { from, to } = request;
  const pixels = Math.min(MAX_PIXELS, Math.max(1, request.pixels));
  const plots = new Map<number, Plot>();
  const byLead = new Map<number, Set<number>>();
  const answers = request.channels.map(({ device, channel }) => {
    const id = dictionary.find(device, channel);
    const plot = (id !== undefined && plots.get(id)) || new Plot(from, to, pixels);
    if (id === undefined) return plot;
    plots.set(id, plot);
    const lead = dictionary.leadOf(id);
    byLead.set(lead, (byLead.get(lead) ?? new Set()).add(id));
    return plot;
  });
  const wanted = new Set(plots.keys());
  const visit: Visit = (series, columns, begin, end) => plots.get(series)!.take(columns, begin, end);

  // The view of the store and what is not in it must be taken in one turn.
  const opening = writer.db && openReading(writer.db);
  const { pending, others, gaps, cache } = writer.unwritten();
  const found: Gap[] = [...gaps];
  const blocks = [...others];
  if (opening === undefined) {
    if (pending !== undefined) blocks.unshift(pending.block);
  } else {
    const reading = await opening;
    const stored = readGaps(reading.tx, from, to);
    await readStored(reading, cache, { plots, byLead }, { ...request, pixels }, visit, stillWanted);
    found.push(...(await stored));
    if (pending !== undefined && pending.seq > reading.lastSeq) blocks.unshift(pending.block);
  }
  for (const block of blocks) visitBlock(block, wanted, from, to, visit);
  return { series: answers.map((plot) => plot.points()), gaps: mergeGaps(found, from, to) };
}
