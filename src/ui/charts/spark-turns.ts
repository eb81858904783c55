/** Fifteen minutes over the width of a card are three seconds to a pixel. */
const ROUND_S = 5;
/** As many as cost next to nothing. */
const LEAST = 8;
/** Whoever was away for longer (a hidden tab's timers are held back) finds none of them as it was left. */
const AWAY_MS = 2500;

/**
 * Which sparklines are drawn anew in this second: few are drawn each second, and of many a fifth, so that a fleet which
 * changes all the time does not lay out and paint the lines of every card each second.
 */
export class SparkTurns {
  /** In the order in which they are due. */
  readonly #waiting = new Set<() => void>();
  #lastAt: number | undefined;

  /** Takes a sparkline in and answers with what takes it out again. */
  join(draw: () => void): () => void {
    this.#waiting.add(draw);
    return () => this.#waiting.delete(draw);
  }

  /** A second has passed; it is `now` (epoch ms). */
  next(now: number): void {
    const away = this.#lastAt !== undefined && Math.abs(now - this.#lastAt) > AWAY_MS;
    this.#lastAt = now;
    const { size } = this.#waiting;
    const due = away ? size : Math.max(LEAST, Math.ceil(size / ROUND_S));
    for (const draw of [...this.#waiting].slice(0, due)) {
      this.#waiting.delete(draw);
      this.#waiting.add(draw);
      draw();
    }
  }
}
