import type { Gap } from '../../engine-api/series.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import type { Block } from '../../storage/columns.ts';

/** About 30 MB. */
const MAX_SAMPLES = 1_000_000;
const MAX_GAPS = 10_000;
const MAX_EVENTS = 10_000;

/** What could not be stored, so that the page can draw what it saw; the oldest goes when there is too much. */
export class Unstored {
  blocks: readonly Block[] = [];
  gaps: readonly Gap[] = [];
  events: readonly HistoryEvent[] = [];
  #samples = 0;

  add(block: Block | undefined, gaps: readonly Gap[], events: readonly HistoryEvent[]): void {
    if (events.length > 0) this.events = [...this.events, ...events].slice(-MAX_EVENTS);
    if (gaps.length > 0) this.gaps = [...this.gaps, ...gaps].slice(-MAX_GAPS);
    if (block === undefined) return;
    const blocks = [...this.blocks, block];
    this.#samples += block.t.length;
    while (this.#samples > MAX_SAMPLES && blocks.length > 1) this.#samples -= blocks.shift()!.t.length;
    this.blocks = blocks;
  }
}
