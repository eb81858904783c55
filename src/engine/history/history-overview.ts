import type { OverviewAnswer, OverviewRequest } from '../../engine-api/series.ts';
import { HOUR } from '../../model/rollup.ts';
import { Kind } from '../../model/table.ts';
import { KIND_MASK, type Block } from '../../storage/columns.ts';
import { addOne, readHours, type HourEntry } from '../../storage/hours.ts';
import { openReading, readLog } from '../../storage/read-samples.ts';
import type { HistoryWriter } from './history-writer.ts';

/** Answers for all channels at once: the hours that are summed up already, and what is not in them yet. */
export async function readOverview(writer: HistoryWriter, request: OverviewRequest): Promise<OverviewAnswer> {
  const from = Math.floor(request.from / HOUR) * HOUR;
  const to = Math.ceil(request.to / HOUR) * HOUR;
  const entries = new Map<number, HourEntry>();
  const addBlock = (block: Block) => {
    if (block.to < from || block.from >= to) return;
    for (let i = 0; i < block.t.length; i++) {
      const t = block.t[i]!;
      if (t < from || t >= to || (block.flags[i]! & KIND_MASK) === Kind.text) continue;
      addOne(entries, block.series[i]!, block.number[i]!);
    }
  };
  const opening = writer.db && openReading(writer.db);
  const { pending, others, cache } = writer.unwritten();
  const blocks = [...others];
  if (opening === undefined) {
    if (pending !== undefined) blocks.unshift(pending.block);
  } else {
    const reading = await opening;
    const hours = readHours(reading.tx, from, to, entries);
    await Promise.all([hours, readLog(reading, cache, from, to, addBlock)]);
    if (pending !== undefined && pending.seq > reading.lastSeq) blocks.unshift(pending.block);
  }
  blocks.forEach(addBlock);
  const all = [...entries.values()];
  return {
    series: Uint32Array.from(entries.keys()),
    count: Float64Array.from(all, ({ count }) => count),
    min: Float64Array.from(all, ({ min }) => min),
    max: Float64Array.from(all, ({ max }) => max),
    sum: Float64Array.from(all, ({ sum }) => sum),
  };
}
