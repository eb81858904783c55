import type { Command } from '../../model/command.ts';
import type { Clock } from '../time/clock.ts';

/** A clock that is put right by the network moves by less. */
const SET_BACK_MS = 2_000;

/**
 * How long commands may still be sent. The computer's clock can be set in between, so that both it and one that nobody can
 * set have to agree: the earlier deadline counts.
 */
export class TimeLeft {
  readonly #clock: Clock;
  /** When the command has had its time, on the clock that nobody can set. */
  readonly #ends = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Begins to count for a command.
   * @param since a moment that is certainly past (epoch ms). Where the clock shows an earlier one it was set back, nobody
   *   knows how much time has passed, and the command has none left.
   */
  begin(command: Command, since: number): void {
    const now = this.#clock.now();
    const setBack = since - now > SET_BACK_MS;
    const left = setBack ? 0 : command.deadline - Math.max(now, since);
    this.#ends.set(command.id, this.#clock.elapsed() + left);
  }

  /** Milliseconds; 0 when it may not be sent any more. */
  of(command: Command): number {
    const end = this.#ends.get(command.id) ?? -Infinity;
    return Math.max(0, Math.min(command.deadline - this.#clock.now(), end - this.#clock.elapsed()));
  }

  forget(id: string): void {
    this.#ends.delete(id);
  }
}
