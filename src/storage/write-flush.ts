import type { BatchRecord } from './batches.ts';
import type { Block } from './columns.ts';
import type { DeviceRecord } from './devices.ts';
import type { GapRecord } from './gaps.ts';
import type { LatestRecord } from './latest.ts';
import { getMeta, putMeta, type LogRecord } from './meta.ts';
import type { StoreName, TelltaleDatabase } from './schema.ts';
import type { SeriesRecord } from './series.ts';

/** Everything that one flush makes durable, all of it or nothing. */
export interface Flush {
  readonly block?: Block;
  readonly series: readonly SeriesRecord[];
  /** By key; `undefined` takes the device out. */
  readonly devices: ReadonlyMap<string, DeviceRecord | undefined>;
  readonly gaps: readonly GapRecord[];
  readonly heardUntil?: number;
  /** The last sample of every series, this flush included; only now and then. */
  readonly latest?: Block;
}

const STORES: StoreName[] = ['meta', 'series', 'devices', 'batches', 'gaps'];

/**
 * Writes a flush in one transaction and answers with where the log stands after it. Telemetry is written `relaxed`: what
 * the operating system loses in a power cut is what it had not written yet, from the end backwards.
 * Rejects with the transaction's error (quota, closed database); nothing is stored then.
 */
export async function writeFlush(db: TelltaleDatabase, flush: Flush): Promise<LogRecord> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  // Its rejection is the same as that of the request that failed, or comes alone when the commit runs out of space.
  tx.done.catch(() => undefined);
  try {
    const before = (await getMeta(tx, 'log')) ?? { lastSeq: 0, kept: 0 };
    const seq = before.lastSeq + (flush.block === undefined ? 0 : 1);
    const log: LogRecord = {
      lastSeq: seq,
      kept: before.kept + (flush.block?.t.length ?? 0),
      heardUntil: flush.heardUntil ?? before.heardUntil,
    };
    const writes: Promise<unknown>[] = [putMeta(tx, 'log', log)];
    for (const record of flush.series) writes.push(tx.objectStore('series').put(record));
    for (const [key, record] of flush.devices) {
      const store = tx.objectStore('devices');
      writes.push(record === undefined ? store.delete(key) : store.put(record));
    }
    for (const gap of flush.gaps) writes.push(tx.objectStore('gaps').put(gap));
    if (flush.block !== undefined) {
      const batch: BatchRecord = { ...flush.block, seq };
      // `add`: a second writer on this database makes this fail instead of replacing what it wrote.
      writes.push(tx.objectStore('batches').add(batch));
    }
    if (flush.latest !== undefined) {
      const latest: LatestRecord = { seq, block: flush.latest };
      writes.push(putMeta(tx, 'latest', latest));
    }
    await Promise.all([...writes, tx.done]);
    return log;
  } catch (error) {
    abort(tx);
    throw error;
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    // It has aborted already.
  }
}
