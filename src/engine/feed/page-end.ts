import type { Watch } from '../../engine-api/calls.ts';
import type { FromEngine, Port } from '../../engine-api/wire.ts';

/** Where a page's frames come from: the home in this worker, or the leader in another tab. */
export interface FrameTap {
  credit(page: 'visible' | 'hidden'): void;
  watch(watch: Watch): void;
  /** Posts nothing more. */
  stop(): void;
}

/** A page's end of the wire. What the page held out and asked to see outlasts a change of where its frames come from. */
export class PageEnd {
  readonly #port: Port;
  #tap: FrameTap | undefined;
  #turn = 0;
  #credit: 'visible' | 'hidden' | undefined;
  #watch: Watch = { series: [], devices: [] };

  constructor(port: Port) {
    this.#port = port;
  }

  /** Frames come from another place from now on, which `open` makes for the port that it is given. */
  turnTo<Tap extends FrameTap>(open: (port: Port) => Tap): Tap {
    this.stop();
    const turn = this.#turn;
    const tap = open({
      post: (message, transfer) => {
        if (turn !== this.#turn) return;
        if (message.type === 'frame') this.#credit = undefined;
        this.#port.post(message, transfer);
      },
    });
    this.#tap = tap;
    tap.watch(this.#watch);
    if (this.#credit) tap.credit(this.#credit);
    return tap;
  }

  /** The page is ready for one more frame. */
  credit(page: 'visible' | 'hidden'): void {
    this.#credit = page;
    this.#tap?.credit(page);
  }

  watch(watch: Watch): void {
    this.#watch = watch;
    this.#tap?.watch(watch);
  }

  /** Says something to the page, wherever its frames come from. */
  post(message: FromEngine): void {
    this.#port.post(message, []);
  }

  stop(): void {
    this.#turn++;
    this.#tap?.stop();
    this.#tap = undefined;
  }
}
