import { MERGE_BATCHES, MERGE_SAMPLES, mergeBatches } from '../storage/merge-batches.ts';
import type { TelltaleDatabase } from '../storage/schema.ts';

/** Keeps the log short: merges its oldest batches when enough have come together, one merge at a time. */
export class BatchMerger {
  #batches: number;
  #samples = 0;
  #merging: Promise<void> | undefined;

  /** `batches` is the length of the log that was found. */
  constructor(batches: number) {
    this.#batches = batches;
  }

  /** A batch was written to `db`. */
  wrote(db: TelltaleDatabase, samples: number): void {
    this.#batches++;
    this.#samples += samples;
    if (this.#merging !== undefined) return;
    if (this.#batches < MERGE_BATCHES && this.#samples < MERGE_SAMPLES) return;
    this.#merging = this.#merge(db);
  }

  /** Answers when no merge is under way. */
  async rest(): Promise<void> {
    await this.#merging;
  }

  async #merge(db: TelltaleDatabase): Promise<void> {
    this.#samples = 0;
    try {
      const merged = await mergeBatches(db);
      this.#batches -= merged;
    } catch {
      // The log is as it was and can be read; the next try comes when as much has been added again.
      this.#batches = 0;
    }
    this.#merging = undefined;
  }
}
