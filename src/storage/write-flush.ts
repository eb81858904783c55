import { unwrap } from 'idb';
import type { BatchRecord } from './batches.ts';
import type { Block } from './columns.ts';
import type { HistoryEvent } from '../model/history-event.ts';
import type { TakenMessages } from '../model/taken-messages.ts';
import { putEvents } from './events.ts';
import { putMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase } from './schema.ts';
import type { DeviceRecord, GapRecord, LatestRecord, LogRecord, SeriesRecord } from './records.ts';
import { packBlock } from './pack-block.ts';
import { splitBlock } from './split-block.ts';
import { writeInTerm } from './term.ts';

/** Everything that one flush makes durable, all of it or nothing. */
export interface Flush {
  readonly block?: Block;
  readonly series: readonly SeriesRecord[];
  /** By key; `undefined` takes the device out. */
  readonly devices: ReadonlyMap<string, DeviceRecord | undefined>;
  readonly gaps: readonly GapRecord[];
  readonly events: readonly HistoryEvent[];
  readonly heardUntil?: number;
  /** The last sample of every series, this flush included; only now and then. */
  readonly latest?: Block;
  /** The QoS 1 messages in it and shortly before it, where there are new ones. */
  readonly taken?: TakenMessages;
}

const STORES: StoreName[] = ['meta', 'series', 'devices', 'batches', 'gaps', 'events'];

/** What a flush left behind. */
export interface Written {
  readonly log: LogRecord;
  /** The samples, as they are in the log now. */
  readonly batches: readonly BatchRecord[];
}

/**
 * Writes a flush in one transaction and answers with where the log stands after it. Telemetry is written `relaxed`: what
 * the operating system loses in a power cut is what it had not written yet, from the end backwards. `before` is where the
 * log stands: nobody but the leader of this term changes it.
 * Rejects with the transaction's error (quota, closed database), or because `term` is over; nothing is stored then.
 */
export async function writeFlush(
  db: TelltaleDatabase,
  flush: Flush,
  term: number,
  before: LogRecord,
): Promise<Written> {
  const parts = flush.block === undefined ? [] : splitBlock(flush.block);
  const batches = parts.map((part, i): BatchRecord => ({ ...part, seq: before.lastSeq + 1 + i }));
  const seq = before.lastSeq + batches.length;
  const log: LogRecord = {
    lastSeq: seq,
    kept: before.kept + (flush.block?.t.length ?? 0),
    heardUntil: flush.heardUntil ?? before.heardUntil,
  };
  const stored = batches.map((batch) => ({ ...packBlock(batch), seq: batch.seq }));
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  await writeInTerm(tx, term, (add) => {
    add(putMeta(tx, 'log', log));
    // There may be thousands of either, and a promise for each costs more than the request: what fails here aborts the
    // transaction, which says so.
    const series = unwrap(tx.objectStore('series'));
    // `add`: if somebody else gave the id to another channel, this flush must fail and not rename their samples.
    for (const record of flush.series) series.add(record);
    const devices = unwrap(tx.objectStore('devices'));
    for (const [key, record] of flush.devices) {
      if (record === undefined) devices.delete(key);
      else devices.put(record);
    }
    for (const gap of flush.gaps) add(tx.objectStore('gaps').put(gap));
    if (flush.events.length > 0) add(putEvents(tx, flush.events));
    for (const batch of stored) add(tx.objectStore('batches').add(batch));
    if (flush.latest !== undefined) {
      const latest: LatestRecord = { seq, block: flush.latest };
      add(putMeta(tx, 'latest', latest));
    }
    if (flush.taken !== undefined) add(putMeta(tx, 'taken', flush.taken));
  });
  return { log, batches };
}
