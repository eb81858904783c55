/** A socket that closes this soon (ms) after a publish may have been closed because of it. */
const DENIED_WITHIN_MS = 2_000;
/** So many such closings in a row, with nothing else under way, are no accident. */
const MAX_CLOSINGS = 2;

/** A command that was under way when the link was lost. */
export interface LostCommand {
  readonly id: string;
  /** The closing came so soon that it may have been the broker's answer. */
  readonly suspect: boolean;
  /** The closing was the broker's answer. */
  readonly denied: boolean;
}

/**
 * Commands that were given to a socket and not acknowledged by the broker. Some brokers deny a publish by closing the
 * socket, which takes everything else under way with it: what was lost once goes alone the next time, so that an
 * innocent command is not blamed. Times are epoch ms.
 */
export class InFlight {
  readonly #sent = new Map<string, { readonly at: number; readonly repeated: boolean }>();
  /** How often in a row a socket closed on a command that was alone. */
  readonly #closings = new Map<string, number>();

  get any(): boolean {
    return this.#sent.size > 0;
  }

  has(id: string): boolean {
    return this.#sent.has(id);
  }

  /** Whether another command may be sent now. */
  admits(repeated: boolean): boolean {
    const alone = repeated || [...this.#sent.values()].some((sent) => sent.repeated);
    return !alone || this.#sent.size === 0;
  }

  add(id: string, at: number, repeated: boolean): void {
    this.#sent.set(id, { at, repeated });
  }

  /** The command is not under way any more. */
  delete(id: string): void {
    this.#sent.delete(id);
    this.#closings.delete(id);
  }

  /** The link is gone, and nothing is under way. Answers what was. */
  lost(now: number): readonly LostCommand[] {
    const sent = [...this.#sent];
    this.#sent.clear();
    return sent.map(([id, { at }]) => {
      const suspect = now - at < DENIED_WITHIN_MS;
      const closings = suspect && sent.length === 1 ? (this.#closings.get(id) ?? 0) + 1 : 0;
      this.#closings.set(id, closings);
      return { id, suspect, denied: closings >= MAX_CLOSINGS };
    });
  }
}
