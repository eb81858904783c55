import type { Clock } from '../../src/engine/time/clock.ts';

interface Timer {
  due: number;
  readonly run: () => void;
}

/** Time that only the test moves. Timers run in the order in which they are due, at the time at which they are due. */
export class FakeClock implements Clock {
  #now: number;
  #elapsed = 0;
  #timers = new Set<Timer>();

  constructor(now = 1_790_000_000_000) {
    this.#now = now;
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on by `ms`; a timer that another one sets on the way runs too when it is due by then. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#pass(next.due);
      next.run();
    }
    this.#pass(end);
  }

  /** The machine slept: time has moved, and what was due runs only now. */
  sleep(ms: number): void {
    this.#now += ms;
    this.advance(0);
  }

  /** Somebody set the computer's clock. Timers do not mind. */
  set(now: number): void {
    const shift = now - this.#now;
    this.#now = now;
    for (const timer of this.#timers) timer.due += shift;
  }

  #pass(to: number): void {
    if (to <= this.#now) return;
    this.#elapsed += to - this.#now;
    this.#now = to;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}
