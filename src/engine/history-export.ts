import type { ExportPage } from '../engine-api/series.ts';
import { deviceId, type DeviceKey } from '../model/device.ts';
import { eachBatch } from '../storage/batches.ts';
import { eachChunk } from '../storage/chunks.ts';
import { deviceTimeAt, valueAt, type Columns } from '../storage/columns.ts';
import { openReading, visitBlock, type Visit } from '../storage/read-samples.ts';
import type { HistoryWriter } from './history-writer.ts';

/** Samples on a page at most. */
const PAGE = 50_000;
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

/**
 * Reads from `begin` on, a bounded number of samples of each series. Answers with them, and with the time up to which
 * they are complete (Infinity when nothing is left).
 */
async function readAhead(
  writer: HistoryWriter,
  wanted: ReadonlySet<number>,
  begin: number,
): Promise<{ lines: Line[]; horizon: number }> {
  const lines: Line[] = [];
  const visit: Visit = (series, columns, i) => lines.push({ t: columns.t[i]!, series, columns, i });
  const unstored = writer.unstored;
  let horizon = Infinity;
  if (writer.db !== undefined) {
    const { tx } = await openReading(writer.db);
    const budget = Math.max(1000, (2 * PAGE) / wanted.size);
    for (const series of wanted) {
      let taken = 0;
      const next = await eachChunk(tx, series, begin, Infinity, (chunk) => {
        // It must get beyond `begin`, or the next page would begin where this one did.
        if (taken >= budget && chunk.from > begin) return false;
        for (let i = 0; i < chunk.t.length; i++) {
          if (chunk.t[i]! < begin) continue;
          visit(series, chunk, i);
          taken++;
        }
        return true;
      });
      horizon = Math.min(horizon, next);
    }
    await eachBatch(tx, begin, horizon, (batch) => visitBlock(batch, wanted, begin, horizon, visit));
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
  channels: ReadonlyMap<string, number>,
  cursor = 0,
): Promise<ExportPage> {
  const begin = Math.floor(cursor);
  const skip = Math.round((cursor - begin) * PAGES_PER_MS) * PAGE;
  const { lines, horizon } = await readAhead(writer, new Set(channels.values()), begin);
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
