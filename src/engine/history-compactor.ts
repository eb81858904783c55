import type { HistorySettings } from '../model/history-settings.ts';
import { accountOf } from '../storage/account.ts';
import { MERGE_BATCHES, MERGE_SAMPLES, mergeBatches } from '../storage/merge-batches.ts';
import { REGROUP_SAMPLES, REGROUP_SEGMENTS, regroupSegments } from '../storage/regroup-segments.ts';
import type { Recalled } from '../storage/recall.ts';
import type { TelltaleDatabase } from '../storage/schema.ts';
import type { LeadOf } from '../storage/segments.ts';
import { trimStep } from '../storage/trim.ts';

const DAY = 86_400_000;
/** Of what there is, this share may stay when the browser has no room. */
const WITHOUT_ROOM = 0.8;

/**
 * Keeps the log short, the store small and old things out, one step at a time and behind the flushes: the oldest batches
 * become a segment, many segments become chunks and rollups, and what is too old or too much goes.
 */
export class Compactor {
  /** Samples that were taken out of the store since ever. */
  dropped: number;
  settings: HistorySettings;
  readonly #now: () => number;
  readonly #leadOf: LeadOf;
  #batches: number;
  #samples = 0;
  #waiting: { readonly count: number; readonly samples: number };
  #working: Promise<void> | undefined;

  constructor(recalled: Recalled, leadOf: LeadOf, now: () => number) {
    this.#batches = recalled.batches;
    this.#waiting = recalled.account.segments;
    this.dropped = recalled.account.dropped;
    this.settings = recalled.settings;
    this.#leadOf = leadOf;
    this.#now = now;
  }

  /** A batch was written to `db`. */
  wrote(db: TelltaleDatabase, samples: number): void {
    this.#batches++;
    this.#samples += samples;
    if (this.#working !== undefined) return;
    if (this.#batches < MERGE_BATCHES && this.#samples < MERGE_SAMPLES) return;
    void this.#work(() => this.#compact(db));
  }

  /** Answers when nothing is under way. */
  async rest(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Takes out what the settings do not keep. Answers when it is gone. */
  async trim(db: TelltaleDatabase): Promise<void> {
    await this.rest();
    await this.#work(() => this.#trim(db, this.settings.maxBytes));
  }

  /** The browser has no room: the oldest goes, samples first. Answers what went. */
  async makeRoom(db: TelltaleDatabase): Promise<'samples' | 'summaries' | 'none'> {
    await this.rest();
    const before = this.dropped;
    let went = false;
    await this.#work(async () => {
      const { bytes } = await accountOf(db);
      went = bytes > 0 && (await this.#trim(db, bytes * WITHOUT_ROOM));
    });
    if (this.dropped > before) return 'samples';
    return went ? 'summaries' : 'none';
  }

  #work(work: () => Promise<unknown>): Promise<void> {
    const done = work()
      // What failed is as it was and can be read; the next try comes when as much has been added again.
      .catch(() => undefined)
      .then(() => {
        this.#working = undefined;
      });
    this.#working = done;
    return done;
  }

  async #compact(db: TelltaleDatabase): Promise<void> {
    this.#samples = 0;
    const before = this.#batches;
    this.#batches = 0;
    const merged = await mergeBatches(db, this.#leadOf);
    this.#batches += before - merged.batches;
    this.#waiting = merged.waiting;
    if (this.#waiting.count < REGROUP_SEGMENTS && this.#waiting.samples < REGROUP_SAMPLES) return;
    await regroupSegments(db);
    await this.#trim(db, this.settings.maxBytes);
  }

  async #trim(db: TelltaleDatabase, bytes: number): Promise<boolean> {
    const limits = {
      samplesFrom: this.#now() - this.settings.sampleDays * DAY,
      allFrom: this.#now() - this.settings.summaryDays * DAY,
      bytes,
    };
    for (let steps = 0; ; steps++) {
      const { dropped, more } = await trimStep(db, limits, this.#leadOf);
      this.dropped = dropped;
      if (!more) return steps > 0;
    }
  }
}
