import type { ExportPage } from '../../engine-api/series.ts';
import { deviceId, type DeviceKey } from '../../model/device.ts';
import { eachBatch } from '../../storage/batches.ts';
import { eachChunk, tableOf } from '../../storage/chunks.ts';
import { deviceTimeAt, valueAt, type Columns } from '../../storage/columns.ts';
import { openReading, visitBlock, visitTable, type Reading, type Visit } from '../../storage/read-samples.ts';
import { eachSegment, tableIn } from '../../storage/segments.ts';
import type { SeriesDictionary } from '../../storage/series.ts';
import { samplesIn } from '../../model/table.ts';
import { firstFrom } from '../../storage/slice-table.ts';
import type { HistoryWriter } from './history-writer.ts';

/** Samples on a page at most. */
const PAGE = 50_000;
/** Samples that are read for one page, of chunks and of segments each, until the next one is not begun any more. */
const AHEAD = 2 * PAGE;
/** A cursor is a time; its fraction counts pages within one and the same millisecond, in steps that f64 holds below 2^42. */
const PAGES_PER_MS = 1024;

interface Line {
  readonly t: number;
  readonly series: number;
  readonly columns: Columns;
  readonly i: number;
}

/** JSON, except that it keeps the sign of a negative zero, which JSON allows and JSON.stringify drops. */
function json(value: unknown): string {
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

function format(lines: readonly Line[], device: DeviceKey, channels: ReadonlyMap<string, number>): string {
  const heads = new Map<number, string>();
  for (const [channel, series] of channels) {
    heads.set(series, `{"device":${json(deviceId(device))},"channel":${json(channel)},"t":`);
  }
  let text = '';
  for (const { t, series, columns, i } of lines) {
    const ts = deviceTimeAt(columns, i);
    const own = Number.isNaN(ts) ? '' : `,"ts":${json(ts)}`;
    text += `${heads.get(series)}${t}${own},"v":${json(valueAt(columns, i))}}\n`;
  }
  return text;
}

/** A table of a segment, with the time at which what is asked for begins in it. */
interface Recent {
  readonly from: number;
  readonly visit: (to: number) => void;
  readonly samples: number;
}

/** Visits what is in segments from `begin` on, up to about `budget` samples. Answers up to when that is complete. */
async function readSegments(
  { tx }: Reading,
  lead: number,
  begin: number,
  horizon: number,
  budget: number,
  visit: Visit,
): Promise<number> {
  const found: Recent[] = [];
  await eachSegment(tx, begin, horizon, (segment) => {
    const table = tableIn(segment, lead);
    const first = table && firstFrom(table.t, begin);
    if (table === undefined || first === table.t.length) return;
    found.push({
      from: table.t[first!]!,
      visit: (to) => visitTable(table, segment.texts, undefined, begin, to, visit),
      samples: samplesIn(table),
    });
  });
  // By their begin, so that stopping somewhere leaves nothing out before it.
  const sorted = [...found].sort((a, b) => a.from - b.from);
  let taken = 0;
  let end = horizon;
  for (const { from, samples } of sorted) {
    if (taken >= budget && from > begin) {
      end = Math.min(end, from);
      break;
    }
    taken += samples;
  }
  for (const recent of found) recent.visit(end);
  return end;
}

/**
 * Reads from `begin` on, a bounded number of samples. Answers with them, and with the time up to which they are complete
 * (Infinity when nothing is left).
 */
async function readAhead(
  writer: HistoryWriter,
  lead: number,
  wanted: ReadonlySet<number>,
  begin: number,
): Promise<{ lines: Line[]; horizon: number }> {
  const lines: Line[] = [];
  const visit: Visit = (series, columns, from, to) => {
    for (let i = from; i < to; i++) lines.push({ t: columns.t[i]!, series, columns, i });
  };
  const unstored = writer.unstored;
  let horizon = Infinity;
  if (writer.db !== undefined) {
    const reading = await openReading(writer.db);
    horizon = await eachChunk(reading.tx, lead, begin, Infinity, (chunk) => {
      // It must get beyond `begin`, or the next page would begin where this one did.
      if (lines.length >= AHEAD && chunk.from > begin) return false;
      visitTable(tableOf(chunk), chunk.texts ?? [], undefined, begin, Infinity, visit);
      return true;
    });
    horizon = await readSegments(reading, lead, begin, horizon, AHEAD, visit);
    await eachBatch(reading.tx, begin, horizon, (batch) => visitBlock(batch, wanted, begin, horizon, visit));
  }
  for (const block of unstored) visitBlock(block, wanted, begin, horizon, visit);
  return { lines: lines.filter((line) => line.t < horizon), horizon };
}

/** The first position at which another time begins, going back from `end`; `begin` when all have the same. */
function cutBefore(lines: readonly Line[], begin: number, end: number): number {
  let cut = end;
  while (cut > begin && lines[cut - 1]!.t === lines[end]!.t) cut--;
  return cut;
}

/**
 * One page of a device's samples, in order of receive time. The cursor is a time and not a position, so that neither
 * what is recorded nor what is regrouped between two pages doubles or hides a sample. Rejects with one sentence.
 */
export async function exportPage(
  writer: HistoryWriter,
  device: DeviceKey,
  dictionary: SeriesDictionary,
  cursor = 0,
): Promise<ExportPage> {
  const channels = dictionary.of(device);
  const lead = dictionary.leadOfDevice(device);
  if (lead === undefined) return { text: '', samples: 0 };
  const begin = Math.floor(cursor);
  const skip = Math.round((cursor - begin) * PAGES_PER_MS) * PAGE;
  const { lines, horizon } = await readAhead(writer, lead, new Set(channels.values()), begin);
  lines.sort((a, b) => a.t - b.t || a.series - b.series);
  let end = lines.length;
  let next = horizon === Infinity ? undefined : horizon;
  if (lines.length - skip > PAGE) {
    end = cutBefore(lines, skip, skip + PAGE);
    if (end > skip) {
      next = lines[end]!.t;
    } else {
      end = skip + PAGE;
      next = lines[end]!.t + (lines[end]!.t === begin ? skip / PAGE + 1 : 1) / PAGES_PER_MS;
    }
  }
  const page = lines.slice(skip, end);
  return { text: format(page, device, channels), samples: page.length, ...(next !== undefined && { next }) };
}
