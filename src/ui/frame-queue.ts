import type { Frame } from '../engine-api/frame.ts';
import { mergeFrames } from './live/merge-frames.ts';

/** How many frames may wait for a drawing before the engine has to wait too. */
const MAX_WAITING = 8;

/** What the queue needs of the page. */
export interface FramePage {
  /** Tells the engine that it may post one frame. */
  credit(page: 'visible' | 'hidden'): void;
  /** Calls `draw` once, before the next drawing. */
  beforeDrawing(draw: () => void): void;
  apply(frame: Frame): void;
}

/**
 * Merges frames as they arrive and applies them once per animation frame. The credit goes back on receipt, because one
 * that returned only after the drawing would cost a whole frame from publish to pixel; when eight frames wait unapplied
 * it is withheld until they are drawn. A hidden page has no animation frames and applies at once.
 */
export class FrameQueue {
  #page: FramePage;
  #waiting: Frame | undefined;
  #count = 0;
  #hidden: boolean;
  #withheld = false;

  constructor(page: FramePage, hidden: boolean) {
    this.#page = page;
    this.#hidden = hidden;
    this.#credit();
  }

  /** Takes a frame from the engine. */
  receive(frame: Frame): void {
    const first = this.#waiting === undefined;
    this.#waiting = this.#waiting === undefined ? frame : mergeFrames(this.#waiting, frame);
    this.#count += 1;
    if (this.#hidden) this.#apply();
    else if (first) this.#page.beforeDrawing(this.#draw);
    if (this.#count < MAX_WAITING) this.#credit();
    else this.#withheld = true;
  }

  /** The page was hidden or came back. The engine holds one credit: the new one stands in place of the old. */
  setHidden(hidden: boolean): void {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    if (hidden) this.#apply();
    this.#withheld = false;
    this.#credit();
  }

  #draw = (): void => {
    this.#apply();
    if (!this.#withheld) return;
    this.#withheld = false;
    this.#credit();
  };

  #apply(): void {
    const frame = this.#waiting;
    this.#waiting = undefined;
    this.#count = 0;
    if (frame !== undefined) this.#page.apply(frame);
  }

  #credit(): void {
    this.#page.credit(this.#hidden ? 'hidden' : 'visible');
  }
}
