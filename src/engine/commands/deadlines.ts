import type { Command } from '../../model/command.ts';
import type { Clock } from '../time/clock.ts';
import { TimeLeft } from './time-left.ts';

/** How long after the computer's clock was set forward a command that has no time left is still shown as queued. */
const LOOK_MS = 1_000;
/** How far what is stored of the clock may lag behind. */
const MARK_MS = 2_000;
/** Two clocks that nobody sets differ by less. */
const APART_MS = 250;

export interface DeadlinesOptions {
  readonly clock: Clock;
  /** As it is now. */
  readonly command: (id: string) => Command | undefined;
  /** The command has no time left. */
  readonly onPassed: (command: Command) => void;
  /** The computer's clock was set back: the same moment has another name on it. */
  readonly onMoved: (command: Command) => void;
  /**
   * Stores that the clock showed `now` (epoch ms), in one transaction with the commands whose deadline was moved: asked for
   * when it begins, so that nothing newer is overwritten. May reject.
   */
  readonly clockSeen: (now: number, moved: () => readonly Command[]) => Promise<void>;
}

/**
 * Ends each command when its time is over, whatever is done to the computer's clock. A tab that takes over, or a page that is
 * loaded again, has only what is stored: so a deadline that was moved is stored at once, and what the clock shows now and then.
 */
export class Deadlines {
  readonly #options: DeadlinesOptions;
  readonly #timeLeft: TimeLeft;
  readonly #watched = new Set<string>();
  /** Due on the clock that nobody can set. */
  #timer: { readonly due: number; readonly cancel: () => void } | undefined;
  #markedAt = -Infinity;
  /** How often the clock was seen to be set back, and up to which of these the moved deadlines are stored. */
  #moves = 0;
  #movesStored = 0;

  constructor(options: DeadlinesOptions) {
    this.#options = options;
    this.#timeLeft = new TimeLeft(options.clock);
  }

  /** Begins to count; see {@link TimeLeft.begin}. */
  begin(command: Command, since: number): void {
    this.#timeLeft.begin(command, since);
  }

  /** Tells from now on when the time of a command that was begun is over. */
  watch(command: Command): void {
    const isFirst = this.#watched.size === 0;
    this.#watched.add(command.id);
    this.#lookIn(isFirst ? 0 : this.left(command));
  }

  /** Milliseconds that a command has left; 0 when it may not be sent any more. */
  left(command: Command): number {
    return this.#timeLeft.of(command);
  }

  forget(id: string): void {
    this.#timeLeft.forget(id);
    this.#watched.delete(id);
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #lookIn(ms: number): void {
    const { clock } = this.#options;
    const due = clock.elapsed() + ms;
    if (this.#timer && this.#timer.due <= due) return;
    this.#timer?.cancel();
    const cancel = clock.after(ms, () => {
      this.#timer = undefined;
      this.#look();
    });
    this.#timer = { due, cancel };
  }

  #look(): void {
    const now = this.#options.clock.now();
    let [wait, isMoved] = [LOOK_MS, false];
    for (const id of [...this.#watched]) {
      const command = this.#options.command(id);
      // What has become of one may have ended others.
      if (!command || !this.#watched.has(id)) continue;
      const left = this.left(command);
      if (left <= 0) {
        this.#options.onPassed(command);
        continue;
      }
      wait = Math.min(wait, left);
      const by = now + left - command.deadline;
      if (by > -APART_MS) continue;
      isMoved = true;
      const clockSet = { at: now, by: by + (command.clockSet?.by ?? 0) };
      this.#options.onMoved({ ...command, deadline: command.deadline + by, clockSet });
    }
    if (isMoved) this.#moves++;
    if (this.#watched.size === 0) return;
    this.#mark(now);
    this.#lookIn(wait);
  }

  /** What the clock shows after it was set back is not stored without the deadlines that were moved by that. */
  #mark(now: number): void {
    const elapsed = this.#options.clock.elapsed();
    const moves = this.#moves;
    const isOwed = moves > this.#movesStored;
    if (!isOwed && elapsed - this.#markedAt < MARK_MS) return;
    this.#markedAt = elapsed;
    const moved = () => (isOwed ? this.#open().filter(({ clockSet }) => clockSet) : []);
    this.#options.clockSeen(now, moved).then(
      () => (this.#movesStored = Math.max(this.#movesStored, moves)),
      () => {
        // The next look tries again. Until then an older mark is stored, by which a command ends too early and never too late.
      },
    );
  }

  #open(): readonly Command[] {
    return [...this.#watched].flatMap((id) => this.#options.command(id) ?? []);
  }
}
