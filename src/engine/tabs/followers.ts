import type { Port } from '../../engine-api/wire.ts';
import type { AttachedPage } from '../feed/attached-page.ts';
import type { HandOver } from './hand-over.ts';
import type { Peers, TabChannel } from '../world/peers.ts';
import { pageChannel, readStamped, stamped, type PageMessage } from './tab-wire.ts';

export interface FollowersOptions {
  readonly home: string;
  /** This tab's own name. */
  readonly tab: string;
  readonly peers: Peers;
  readonly term: () => number;
  readonly handOver: () => HandOver;
  /** Attaches a page to this tab's engine, as its own page is. */
  readonly attach: (port: Port) => AttachedPage;
}

/** The pages of other tabs that a leader shows what it sees: each has a channel, a credit and an account of its own. */
export class Followers {
  readonly #options: FollowersOptions;
  readonly #pages = new Map<string, Follower>();

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  /** A page wants in, or in again: it starts afresh. */
  join(page: string): void {
    let follower = this.#pages.get(page);
    if (!follower) {
      follower = new Follower(page, this.#options, () => this.#pages.delete(page));
      this.#pages.set(page, follower);
    }
    follower.welcome();
  }

  /** What they need to take over has changed. */
  tell(handOver: HandOver): void {
    for (const follower of this.#pages.values()) follower.tell({ type: 'hand-over', handOver });
  }

  get any(): boolean {
    return this.#pages.size > 0;
  }

  /** This tab does not lead any more. */
  stop(): void {
    for (const follower of this.#pages.values()) follower.stop();
    this.#pages.clear();
  }
}

class Follower {
  readonly #options: FollowersOptions;
  readonly #channel: TabChannel;
  readonly #untilGone = new AbortController();
  readonly #port: Port = {
    post: (message) => this.tell({ type: 'from-engine', message }),
  };
  #end: AttachedPage | undefined;

  constructor(page: string, options: FollowersOptions, onGone: () => void) {
    this.#options = options;
    const name = pageChannel(options.home, page);
    this.#channel = options.peers.openChannel(name, (message) => this.#hear(message));
    // The page's tab holds this lock: it comes free when the tab closes or crashes, without any message.
    options.peers.locks
      .request(name, { signal: this.#untilGone.signal }, async () => {
        this.stop();
        onGone();
      })
      .catch(() => {
        // Not waited for any more.
      });
  }

  welcome(): void {
    this.#end?.detach();
    this.#end = this.#options.attach(this.#port);
    this.tell({ type: 'welcome', handOver: this.#options.handOver() });
  }

  tell(message: PageMessage): void {
    this.#channel.post(stamped(message, this.#options.term(), this.#options.tab));
  }

  stop(): void {
    this.#untilGone.abort();
    this.#end?.detach();
    this.#channel.close();
  }

  #hear(message: unknown): void {
    const said = readStamped<PageMessage>(message);
    // A later term than ours: its leader answers.
    if (said?.type !== 'to-engine' || said.term > this.#options.term()) return;
    if (said.message.type === 'call') this.tell({ type: 'ack', id: said.message.id });
    this.#end?.receive(said.message);
  }
}
