import type { Gap } from '../../engine-api/series.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import type { Value } from '../../model/sample.ts';
import { valueAt, type Columns } from '../../storage/columns.ts';
import { readGaps } from '../../storage/gaps.ts';
import { openReading, readChunks, readRecent, visitBlock, type Visit } from '../../storage/read-samples.ts';
import type { SeriesDictionary } from '../../storage/series.ts';
import { readEvents } from './history-events.ts';
import { mergeGaps } from './history-range.ts';
import type { HistoryWriter } from './history-writer.ts';

/** What is wanted of one device's past. Epoch ms. */
export interface ReplayRequest {
  readonly device: DeviceKey;
  /** Samples of one channel, or of all of them; or what its status was, and no samples. */
  readonly what: { readonly channel: string } | 'samples' | 'status';
  readonly from: number;
  readonly to: number;
}

/** The past of one device in the order in which it was: what came, and when nobody listened. */
export interface Replay {
  readonly samples: readonly { readonly t: number; readonly value: Value }[];
  readonly gaps: readonly Gap[];
  readonly statuses: readonly Extract<HistoryEvent, { kind: 'status' }>[];
  /** From when on single samples are kept. */
  readonly storedFrom: number;
}

interface Found {
  readonly t: number;
  readonly columns: Columns;
  readonly i: number;
}

/** Reads every sample of a range, stored or not yet. The range should be short: all of it is in memory at once. */
export async function readReplay(
  writer: HistoryWriter,
  dictionary: SeriesDictionary,
  request: ReplayRequest,
): Promise<Replay> {
  const { device, what, from, to } = request;
  const wanted = new Set(seriesOf(dictionary, device, what));
  const lead = dictionary.leadOfDevice(device);
  const found: Found[] = [];
  const visit: Visit = (_series, columns, begin, end) => {
    for (let i = begin; i < end; i++) found.push({ t: columns.t[i]!, columns, i });
  };
  const unhurried = () => undefined;

  // The view of the store and what is not in it must be taken in one turn.
  const opening = writer.db && openReading(writer.db);
  const { pending, others, gaps: unwrittenGaps, cache } = writer.unwritten();
  const blocks = [...others];
  const gaps: Gap[] = [...unwrittenGaps];
  let storedFrom = 0;
  if (opening === undefined) {
    if (pending !== undefined) blocks.unshift(pending.block);
  } else {
    const reading = await opening;
    storedFrom = reading.account.floors.samples;
    const stored = readGaps(reading.tx, from, to);
    if (lead !== undefined && wanted.size > 0) {
      await readChunks(reading, lead, wanted, from, to, visit, unhurried);
      await readRecent(reading, cache, new Set([lead]), wanted, from, to, visit, unhurried);
    }
    gaps.push(...(await stored));
    if (pending !== undefined && pending.seq > reading.lastSeq) blocks.unshift(pending.block);
  }
  for (const block of blocks) visitBlock(block, wanted, from, to, visit);
  found.sort((a, b) => a.t - b.t);
  const events =
    what === 'status' ? (await readEvents(writer, { device, from, to, kinds: ['status'] })).events : [];
  return {
    samples: found.map(({ t, columns, i }) => ({ t, value: valueAt(columns, i) })),
    gaps: mergeGaps(gaps, from, to),
    statuses: events.filter((event) => event.kind === 'status'),
    storedFrom,
  };
}

function seriesOf(
  dictionary: SeriesDictionary,
  device: DeviceKey,
  what: ReplayRequest['what'],
): readonly number[] {
  if (what === 'status') return [];
  if (what === 'samples') return [...dictionary.of(device).values()];
  const id = dictionary.find(device, what.channel);
  return id === undefined ? [] : [id];
}
