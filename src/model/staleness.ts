/** Samples whose distances are looked at. */
export const WINDOW = 20;
/** A channel is never called stale sooner than this by its own habit, ms. */
const LEAST = 30_000;
const FACTOR = 3;

// One thread uses it at a time and nobody keeps it: saves an allocation per channel and frame.
const scratch = new Float64Array(WINDOW - 1);

/**
 * How often a channel speaks, from its last 20 samples. `push` is on the path of every sample: it stores one number.
 */
export class Staleness {
  private count = 0;
  private median = 0;
  /** Whether `median` is that of the samples until now. */
  private isKnown = true;

  /** @param times has room for {@link WINDOW} numbers from `begin` on */
  constructor(
    private readonly times = new Float64Array(WINDOW),
    private readonly begin = 0,
  ) {}

  /** @param at receive time of a live sample, epoch ms; retained copies say nothing about the pace */
  push(at: number): void {
    this.times[this.begin + (this.count % WINDOW)] = at;
    this.count++;
    this.isKnown = false;
  }

  /** Median time between two samples in ms; 0 when fewer than two are known. */
  medianInterval(): number {
    if (!this.isKnown) this.median = this.computeMedian();
    this.isKnown = true;
    return this.median;
  }

  /**
   * Silence after which the channel is stale, in ms: 3 x `interval` where the device states one, else
   * max(30 s, 3 x the median interval of the last 20 samples).
   * @param interval seconds, from the device's description
   */
  staleAfter(interval?: number): number {
    if (interval !== undefined) return FACTOR * interval * 1000;
    return Math.max(LEAST, FACTOR * this.medianInterval());
  }

  /** Whether a silence of so many ms is longer than {@link staleAfter}, which is worked out only where it may be. */
  isStale(silence: number, interval?: number): boolean {
    if (interval === undefined && silence <= LEAST) return false;
    return silence > this.staleAfter(interval);
  }

  private timeOf(sample: number): number {
    return this.times[this.begin + (sample % WINDOW)]!;
  }

  private computeMedian(): number {
    const known = Math.min(this.count, WINDOW);
    if (known < 2) return 0;
    const oldest = this.count - known;
    for (let i = 1; i < known; i++) {
      const distance = this.timeOf(oldest + i) - this.timeOf(oldest + i - 1);
      // The computer's own clock can be set back; a negative interval is no interval.
      scratch[i - 1] = Math.max(0, distance);
    }
    const sorted = scratch.subarray(0, known - 1).sort();
    const middle = sorted.length >> 1;
    const upper = sorted[middle] ?? 0;
    return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  }
}
