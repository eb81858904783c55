import type { StorageState } from '../../engine-api/frame.ts';
import type { Gap } from '../../engine-api/series.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import type { TakenMessages } from '../../model/taken-messages.ts';
import type { Value } from '../../model/sample.ts';
import type { Block } from '../../storage/columns.ts';
import type { Latest } from '../../storage/latest.ts';
import type { LogCache } from '../../storage/log-cache.ts';
import type { Recalled } from '../../storage/recall.ts';
import type { TelltaleDatabase } from '../../storage/schema.ts';
import type { LeadOf } from '../../storage/segments.ts';
import type { DeviceRecord, LogRecord, SeriesRecord } from '../../storage/records.ts';
import { errorName } from '../../storage/error-name.ts';
import { OldTermError } from '../../storage/term.ts';
import { writeFlush, type Flush, type Written } from '../../storage/write-flush.ts';
import type { Clock } from '../time/clock.ts';
import { Draft } from './history-draft.ts';
import { Unstored } from './history-unstored.ts';
import { Compactor } from './history-compactor.ts';

/** A sample is durable this long after it came, and this many wait at most: a transaction costs more than its bytes. */
const FLUSH_MS = 1000;
const FLUSH_SAMPLES = 50_000;
/**
 * As soon as more series and devices are new, so many are written ahead of the samples: each is a request of its own, and
 * thousands in one go held back what came meanwhile by 300 ms. Samples that are due wait for none of it: they take along
 * all series that are left.
 */
const MAX_NAMES = 128;
/** A snapshot of ten thousand devices must not stand in the way of what comes with it: the rest is for the next flush. */
const MAX_DEVICES = 1000;
/** How far `heardUntil` may lag behind while no samples come. */
const HEARD_MS = 5000;
/** After so many flushes or samples the last values are written, so that opening has no more than that to replay. */
const SNAPSHOT_FLUSHES = 60;
const SNAPSHOT_SAMPLES = 100_000;

const MAX_TIME = 2 ** 42;

interface Pending {
  readonly flush: Flush;
  /** All samples, gaps and events that were drafted are in it. */
  readonly isWhole: boolean;
  failures: number;
}

/** Samples that are not durable yet or never will be, as a reader needs them. */
export interface Unwritten {
  /** Durable in a view of the store whose `lastSeq` is at least `seq`. */
  readonly pending?: { readonly seq: number; readonly block: Block };
  readonly others: readonly Block[];
  readonly gaps: readonly Gap[];
  /** What is in the log of such a view, as far as this tab wrote it. */
  readonly cache: LogCache;
}

function failureReason(error: unknown): string {
  const name = errorName(error);
  return name === 'QuotaExceededError'
    ? "The browser's storage is full, so new samples are not kept. Free some space on this device, or delete the history in Settings."
    : `The browser could not write to its storage (${name}), so new samples are not kept. Reload this page to try again.`;
}

interface HistoryWorld {
  readonly clock: Clock;
  readonly term: number;
  readonly onChange: () => void;
  readonly onOldTerm?: () => void;
  readonly readOnly?: boolean;
}
/** What a full browser costs, while it still costs only the past. */
const ROOM_REASONS = {
  samples: "The browser's storage is full, so the oldest readings are dropped to make room for new ones.",
  summaries:
    "The browser's storage is full: of the past only minutes and hours are kept, and the oldest of them are dropped.",
};

/**
 * Collects what is recorded and writes it in flushes, one at a time. A flush that fails is tried once more; then its
 * samples count as not kept, stay in memory as long as there is room, and the next flush is tried as ever.
 */
export class HistoryWriter {
  storage: StorageState;
  stored = 0;
  notKept = 0;
  /** Asked with each flush; see `History.withTaken`. */
  takenMessages: () => TakenMessages | undefined = () => undefined;
  #db: TelltaleDatabase | undefined;
  readonly #clock: Clock;
  readonly #term: number;
  readonly #onChange: () => void;
  readonly #onOldTerm: (() => void) | undefined;
  /** What `storage` is as long as writing works. */
  #opened: StorageState;
  readonly #latest: Latest;
  readonly compactor: Compactor;
  readonly #draft = new Draft();
  readonly #unstored = new Unstored();
  #log: LogRecord;
  #pending: Pending | undefined;
  /** Whole flushes that were begun, and those that were written or given up. */
  #taken = 0;
  #settled = 0;
  #writing: Promise<void> | undefined;
  #timer: { readonly due: number; readonly cancel: () => void } | undefined;
  /** When what is drafted has to be written, epoch ms. */
  #due = Infinity;
  /** And not before this, since writing failed. */
  #patience = -Infinity;
  #closing = false;
  #sinceSnapshot = { flushes: 0, samples: 0 };

  constructor(
    db: TelltaleDatabase | undefined,
    recalled: Recalled,
    state: StorageState,
    leadOf: LeadOf,
    world: HistoryWorld,
  ) {
    this.#db = db;
    this.storage = state;
    this.#opened = state;
    this.#clock = world.clock;
    this.#term = world.term;
    this.#onChange = world.onChange;
    this.#onOldTerm = world.onOldTerm;
    this.#log = recalled.log;
    this.#latest = recalled.latest;
    this.compactor = new Compactor(recalled, leadOf, () => world.clock.now());
    if (db !== undefined && !world.readOnly) this.compactor.opened(db);
  }

  get kept(): number {
    return this.#db === undefined ? 0 : this.#log.kept - this.compactor.dropped;
  }

  get db(): TelltaleDatabase | undefined {
    return this.#db;
  }

  push(series: number, t: number, ts: number, value: Value, late: boolean): void {
    if (!this.#isDate(t, 1)) return;
    const before = this.#draft.samples.length;
    this.#draft.samples.push(series, Math.floor(t), ts, value, late);
    this.#pushed(before);
  }

  /** Takes the values of one message that was not late, one for each series. */
  pushMessage(series: readonly number[], t: number, ts: number, values: ArrayLike<Value>): void {
    if (!this.#isDate(t, values.length)) return;
    const before = this.#draft.samples.length;
    this.#draft.samples.pushMessage(series, Math.floor(t), ts, values);
    this.#pushed(before);
  }

  /** A key that is no number makes the whole transaction fail: what is none counts as not kept. */
  #isDate(t: number, samples: number): boolean {
    if (t >= 0 && t < MAX_TIME) return true;
    this.notKept += samples;
    this.#onChange();
    return false;
  }

  #pushed(before: number): void {
    const now = this.#draft.samples.length;
    if (before === 0 && now > 0) this.#drafted(FLUSH_MS);
    else if (before < FLUSH_SAMPLES && now >= FLUSH_SAMPLES) this.#schedule();
  }

  addSeries(record: SeriesRecord): void {
    this.#draft.addSeries(record);
    this.#drafted(FLUSH_MS);
  }

  putDevice(key: DeviceKey, record: DeviceRecord | undefined): void {
    this.#draft.putDevice(key, record);
    this.#drafted(FLUSH_MS);
  }

  addGap(gap: Gap): void {
    this.#draft.addGap(gap);
    this.#drafted(FLUSH_MS);
  }

  addEvent(event: HistoryEvent): void {
    this.#draft.addEvent(event);
    this.#drafted(FLUSH_MS);
  }

  heard(until: number): void {
    this.#draft.heard(until);
    if (this.#timer === undefined) this.#drafted(HEARD_MS);
  }

  /** What could not be stored. */
  get unstored(): readonly Block[] {
    return this.#unstored.blocks;
  }

  /** Events that could not be stored. */
  get unstoredEvents(): readonly HistoryEvent[] {
    return [...this.#unstored.events, ...this.#draft.events];
  }

  /** The store is gone by somebody else's doing. */
  lose(reason: string): void {
    this.#db = undefined;
    this.storage = { mode: 'memory', reason };
    this.#onChange();
  }

  /** What a view of the store that is opened in this turn does not contain, or may not. */
  unwritten(): Unwritten {
    const tail = this.#draft.samples.block();
    const block = this.#pending?.flush.block;
    return {
      ...(block && { pending: { seq: this.#log.lastSeq + 1, block } }),
      others: tail === undefined ? this.#unstored.blocks : [...this.#unstored.blocks, tail],
      gaps: [...this.#unstored.gaps, ...(this.#pending?.flush.gaps ?? []), ...this.#draft.gaps],
      cache: this.compactor.cache,
    };
  }

  /**
   * Answers when every sample, gap and event recorded before the call is durable or counted as not kept; of thousands of
   * devices the last follow later.
   */
  async flush(): Promise<void> {
    // What is recorded while this waits belongs to a later flush: under load there would always be some.
    const last = this.#draft.isEmpty ? this.#taken : this.#taken + 1;
    if (last > this.#taken) this.#due = -Infinity;
    while (this.#settled < last) await this.#write();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.flush();
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.compactor.rest();
    this.#db?.close();
    this.#db = undefined;
  }

  #hasWork(): boolean {
    return this.#pending !== undefined || !this.#draft.isEmpty;
  }

  /** Something was, and is to be written within `ms`. */
  #drafted(ms: number): void {
    this.#due = Math.min(this.#due, this.#clock.now() + ms);
    this.#schedule();
  }

  #schedule(): void {
    // What has come by then is looked at when the flush that is under way is over.
    if (this.#writing !== undefined) return;
    const now = this.#clock.now();
    const isMuch = this.#draft.names > MAX_NAMES || this.#draft.samples.length >= FLUSH_SAMPLES;
    const due = Math.max(isMuch ? now : this.#due, this.#patience);
    if (this.#timer !== undefined) {
      if (this.#timer.due <= due) return;
      this.#timer.cancel();
    }
    const cancel = this.#clock.after(Math.max(0, due - now), () => {
      this.#timer = undefined;
      void this.#write();
    });
    this.#timer = { due, cancel };
  }

  /** One flush at a time: whoever comes while one is under way waits for it and then sees what is left. */
  async #write(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (!this.#hasWork()) return;
    this.#pending ??= this.#take();
    this.#writing = this.#attempt(this.#pending).finally(() => {
      this.#writing = undefined;
      if (this.#hasWork()) this.#schedule();
    });
    await this.#writing;
  }

  async #attempt(pending: Pending): Promise<void> {
    const { flush } = pending;
    const db = this.#db;
    try {
      if (db === undefined) this.#setAside(flush, flush.gaps, flush.events);
      else this.#succeeded(db, flush, await writeFlush(db, flush, this.#term, this.#log));
      this.#settle(pending);
    } catch (error) {
      if (db !== undefined && errorName(error) === 'QuotaExceededError') await this.#makeRoom(db);
      this.#failed(pending, error);
    }
    this.#onChange();
  }

  async #makeRoom(db: TelltaleDatabase): Promise<void> {
    const room = await this.compactor.makeRoom(db);
    if (room !== 'none') this.#opened = { mode: 'disk', reason: ROOM_REASONS[room] };
  }

  #settle({ isWhole }: Pending): void {
    this.#pending = undefined;
    if (isWhole) this.#settled++;
    if (this.#draft.isEmpty) this.#due = Infinity;
  }

  #take(): Pending {
    const isDue = this.#clock.now() >= this.#due || this.#draft.samples.length >= FLUSH_SAMPLES;
    if (!isDue && this.#draft.names > MAX_NAMES)
      return { flush: this.#draft.takeNames(MAX_NAMES), isWhole: false, failures: 0 };
    this.#taken++;
    const flush = this.#takeWhole();
    this.#due = this.#draft.isEmpty ? Infinity : this.#clock.now() + FLUSH_MS;
    return { flush, isWhole: true, failures: 0 };
  }

  #takeWhole(): Flush {
    const drafted = this.#draft.take(this.#closing ? Infinity : MAX_DEVICES);
    const taken = this.takenMessages();
    const flush: Flush = { ...drafted, ...(taken && { taken }) };
    if (flush.block === undefined) return flush;
    this.#latest.apply(flush.block);
    this.#sinceSnapshot.flushes++;
    this.#sinceSnapshot.samples += flush.block.t.length;
    const { flushes, samples } = this.#sinceSnapshot;
    if (flushes < SNAPSHOT_FLUSHES && samples < SNAPSHOT_SAMPLES) return flush;
    return { ...flush, latest: this.#latest.block() };
  }

  #succeeded(db: TelltaleDatabase, flush: Flush, { log, batches }: Written): void {
    this.#log = log;
    if (flush.latest !== undefined) this.#sinceSnapshot = { flushes: 0, samples: 0 };
    if (flush.block === undefined) return;
    this.stored += flush.block.t.length;
    // It may have been lost while this flush was being written.
    if (this.#db === undefined) return;
    this.storage = this.#opened;
    this.compactor.wrote(db, batches);
  }

  #failed(pending: Pending, error: unknown): void {
    pending.failures++;
    if (error instanceof OldTermError) this.#onOldTerm?.();
    if (pending.failures === 2) {
      this.#settle(pending);
      this.#setAside(pending.flush, [], []);
      this.#draft.putBack(pending.flush);
      if (this.#db !== undefined) this.storage = { mode: 'memory', reason: failureReason(error) };
    }
    this.#patience = this.#clock.now() + FLUSH_MS;
    this.#due = Math.min(this.#due, this.#patience);
  }

  #setAside(flush: Flush, gaps: readonly Gap[], events: readonly HistoryEvent[]): void {
    this.notKept += flush.block?.t.length ?? 0;
    this.#unstored.add(flush.block, gaps, events);
  }
}
