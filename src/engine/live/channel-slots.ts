import { WINDOW } from '../../model/staleness.ts';

/** Numbers of one channel: its latest value, when it came, the number of its last change, and then when the last came. */
export const VALUE = 0;
export const AT = 1;
export const CHANGE = 2;
export const TIMES = 3;
const SIZE = TIMES + WINDOW;
/** Channels for which room is made at once. */
const CHUNK = 256;

/** Where the numbers of one channel are. */
export interface Slot {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** That of the first of them. */
  readonly begin: number;
}

/**
 * Room for the numbers of all channels, those of one device side by side: a message reaches for few places in memory, which
 * in a large fleet is most of what it costs.
 */
export class ChannelSlots {
  #free: Slot[] = [];

  /** Room for one more channel. */
  take(): Slot {
    if (this.#free.length === 0) this.#free = chunk();
    const slot = this.#free.pop()!;
    slot.numbers.fill(0, slot.begin, slot.begin + SIZE);
    return slot;
  }

  /** Takes back that of a channel which is gone. */
  giveBack(slot: Slot): void {
    this.#free.push(slot);
  }
}

/** The first is taken first. */
function chunk(): Slot[] {
  const numbers = new Float64Array(CHUNK * SIZE);
  return Array.from({ length: CHUNK }, (_, i) => ({ numbers, begin: (CHUNK - 1 - i) * SIZE }));
}
