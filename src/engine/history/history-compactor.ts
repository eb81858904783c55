import type { HistorySettings } from '../../model/history-settings.ts';
import type { LogCache } from '../../storage/log-cache.ts';
import type { BatchRecord } from '../../storage/batches.ts';
import { accountOf } from '../../storage/account.ts';
import { MERGE_BATCHES, MERGE_SAMPLES, mergeBatches } from '../../storage/merge-batches.ts';
import { REGROUP_SAMPLES, REGROUP_SEGMENTS, regroupSegments } from '../../storage/regroup-segments.ts';
import type { Recalled } from '../../storage/recall.ts';
import type { TelltaleDatabase } from '../../storage/schema.ts';
import type { LeadOf } from '../../storage/segments.ts';
import { trimStep } from '../../storage/trim.ts';
import { trimCommands } from '../../storage/commands.ts';
import { trimConfigChanges } from '../../storage/config-changes.ts';

const DAY = 86_400_000;
/** Of what there is, this share may stay when the browser has no room. */
const WITHOUT_ROOM = 0.8;

/** As many batches as may be in memory; there are more only when merging fails. */
function newest(batches: LogCache): LogCache {
  let samples = 0;
  const end = batches.findLastIndex(({ t }) => (samples += t.length) > 4 * MERGE_SAMPLES);
  return batches.slice(end + 1);
}

/**
 * Keeps the log short, the store small and old things out, one step at a time and behind the flushes: the oldest batches
 * become a segment, many segments become chunks and rollups, and what is too old or too much goes.
 */
export class Compactor {
  /** Samples that were taken out of the store since ever. */
  dropped: number;
  settings: HistorySettings;
  /** What is in the log still, as far as it is in memory. */
  cache: LogCache;
  readonly #now: () => number;
  readonly #leadOf: LeadOf;
  #batches: number;
  #samples = 0;
  #waiting: { readonly count: number; readonly samples: number };
  #working: Promise<void> | undefined;

  constructor(recalled: Recalled, leadOf: LeadOf, now: () => number) {
    this.#batches = recalled.batches;
    this.cache = recalled.tail;
    this.#waiting = recalled.account.segments;
    this.dropped = recalled.account.dropped;
    this.settings = recalled.settings;
    this.#leadOf = leadOf;
    this.#now = now;
  }

  /** The home has just been opened: what is in the log and not in memory would have to be read for every chart. */
  opened(db: TelltaleDatabase): void {
    if (this.#batches > this.cache.length) void this.#work(() => this.#compact(db));
    void this.#work(() => this.#trimCommands(db));
  }

  /** These were written to `db`. */
  wrote(db: TelltaleDatabase, batches: readonly BatchRecord[]): void {
    this.cache = newest([...this.cache, ...batches]);
    this.#batches += batches.length;
    this.#samples += batches.reduce((sum, { t }) => sum + t.length, 0);
    if (this.#working !== undefined) return;
    if (!this.#isLong()) return;
    void this.#work(() => this.#compact(db));
  }

  /** Answers when nothing is under way. */
  async rest(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Takes out what the settings do not keep. Answers when it is gone. */
  async trim(db: TelltaleDatabase): Promise<void> {
    await this.#work(() => this.#trimCommands(db));
    await this.#work(() => this.#trim(db, this.settings.maxBytes));
  }

  /** The browser has no room: the oldest goes, samples first. Answers what went. */
  async makeRoom(db: TelltaleDatabase): Promise<'samples' | 'summaries' | 'none'> {
    let before = this.dropped;
    let went = false;
    await this.#work(async () => {
      before = this.dropped;
      const { bytes } = await accountOf(db);
      went = bytes > 0 && (await this.#trim(db, bytes * WITHOUT_ROOM));
    });
    if (this.dropped > before) return 'samples';
    return went ? 'summaries' : 'none';
  }

  #isLong(): boolean {
    return this.#batches >= MERGE_BATCHES || this.#samples >= MERGE_SAMPLES;
  }

  /** One thing at a time. */
  #work(work: () => Promise<unknown>): Promise<void> {
    const done: Promise<void> = (this.#working ?? Promise.resolve())
      .then(work)
      // What failed is as it was and can be read; the next try comes when as much has been added again.
      .catch(() => undefined)
      .then(() => {
        if (this.#working === done) this.#working = undefined;
      });
    this.#working = done;
    return done;
  }

  async #compact(db: TelltaleDatabase): Promise<void> {
    do {
      const [batches, samples] = [this.#batches, this.#samples];
      // What fails is tried again when as much has been added once more.
      [this.#batches, this.#samples] = [0, 0];
      const merged = await mergeBatches(db, this.#leadOf, this.cache);
      this.cache = this.cache.filter(({ seq }) => seq > merged.lastSeq);
      this.#waiting = merged.waiting;
      if (merged.batches === 0) break;
      this.#batches += batches - merged.batches;
      this.#samples += Math.max(0, samples - merged.samples);
    } while (this.#isLong());
    if (this.#waiting.count < REGROUP_SEGMENTS && this.#waiting.samples < REGROUP_SAMPLES) return;
    await regroupSegments(db);
    await this.#trimCommands(db);
    await this.#trim(db, this.settings.maxBytes);
  }

  #trimCommands(db: TelltaleDatabase): Promise<void> {
    const before = this.#now() - this.settings.commandDays * DAY;
    return Promise.all([trimCommands(db, before), trimConfigChanges(db, before)]).then(() => undefined);
  }

  async #trim(db: TelltaleDatabase, bytes: number): Promise<boolean> {
    const limits = {
      samplesFrom: this.#now() - this.settings.sampleDays * DAY,
      allFrom: this.#now() - this.settings.summaryDays * DAY,
      bytes,
    };
    for (let steps = 0; ; steps++) {
      const { dropped, more } = await trimStep(db, limits);
      this.dropped = dropped;
      if (!more) return steps > 0;
    }
  }
}
