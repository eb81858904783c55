import type { Frame } from '../engine-api/frame.ts';

/**
 * How many frames may wait for a drawing before the engine has to wait too. At 1,000 messages a second sixteen come
 * between two drawings: a limit of eight held back the second half of them for a whole drawing, 21 ms from publish to
 * pixel instead of 12.
 */
const MAX_WAITING = 32;

/** What the queue needs of the page. */
export interface FramePage {
  /** Tells the engine that it may post one frame. */
  credit(page: 'visible' | 'hidden'): void;
  /** Calls `draw` once, before the next drawing. */
  beforeDrawing(draw: () => void): void;
  apply(frame: Frame): void;
}

/**
 * Gathers frames as they arrive and applies them, in order, once per animation frame. The credit goes back on receipt,
 * because one that returned only after the drawing would cost a whole frame from publish to pixel; when too many frames
 * wait unapplied, or in a flood, it is withheld until they are drawn. A hidden page has no animation frames and applies at
 * once.
 */
export class FrameQueue {
  readonly #page: FramePage;
  #waiting: Frame[] = [];
  #hidden: boolean;
  #withheld = false;

  constructor(page: FramePage, hidden: boolean) {
    this.#page = page;
    this.#hidden = hidden;
    this.#credit();
  }

  /** Takes a frame from the engine. */
  receive(frame: Frame): void {
    this.#waiting.push(frame);
    if (this.#hidden) {
      this.#apply();
      this.#credit();
      return;
    }
    if (this.#waiting.length === 1) this.#page.beforeDrawing(this.#draw);
    if (frame.flood || this.#waiting.length >= MAX_WAITING) this.#withheld = true;
    else this.#credit();
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
    const frames = this.#waiting;
    this.#waiting = [];
    for (const frame of frames) this.#page.apply(frame);
  }

  #credit(): void {
    this.#page.credit(this.#hidden ? 'hidden' : 'visible');
  }
}
