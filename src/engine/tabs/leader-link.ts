import type { CallName, Watch } from '../../engine-api/calls.ts';
import type { SeriesId } from '../../engine-api/frame.ts';
import { WIRE_VERSION, type FromEngine, type Port, type ToEngine } from '../../engine-api/wire.ts';
import type { Clock } from '../time/clock.ts';
import type { HandOver } from './hand-over.ts';
import type { FrameTap } from '../feed/page-end.ts';
import type { Peers, TabChannel } from '../world/peers.ts';
import { pageChannel, readStamped, stamped, type FromTab, type PageMessage } from './tab-wire.ts';

/** How long the leader may take to say that a call has arrived, and to let a page join. */
const ACK_MS = 2_000;
const JOIN_MS = 1_000;
/** Longer than it takes to replace a leader that hangs. */
const GIVE_UP_MS = 12_000;
const MAX_TRIES = 2;
const NO_ANSWER =
  'The tab that holds the connection does not answer, and no other took its place. Reload this page and try again.';

interface Pending {
  readonly name: CallName;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  tries: number;
  /** The leader that said it has it: one that lives answers in the end. */
  takenBy?: string;
  cancel: () => void;
}

export interface LeaderLinkOptions {
  readonly home: string;
  /** Unguessable, and this page's own. */
  readonly page: string;
  readonly peers: Peers;
  readonly clock: Clock;
  /** Asks whoever leads to let the page in. */
  readonly join: (page: string) => void;
  /** The term that is known to be the highest. */
  readonly term: () => number;
  /** What it needs to take over is this now. */
  readonly onHandOver: (handOver: HandOver) => void;
  /** The highest series id that the leader's frames named rose to this. */
  readonly onSeries: (highest: SeriesId) => void;
}

/**
 * A page of a tab that follows, seen from that tab: what the page says goes to the leader, and the leader's frames come
 * back. Lives from one leader to the next; a call that one of them left unanswered is made once more to the next.
 */
export class LeaderLink implements FrameTap {
  readonly #options: LeaderLinkOptions;
  readonly #port: Port;
  readonly #channel: TabChannel;
  readonly #pending = new Map<number, Pending>();
  readonly #here: Promise<void>;
  #gone: () => void = () => {};
  #calls = 0;
  #credit: 'visible' | 'hidden' | undefined;
  #watch: Watch | undefined;
  /** The leader that lets this page in. */
  #leader: string | undefined;
  #highest: SeriesId = 0;
  #cancelJoin = () => {};

  constructor(port: Port, options: LeaderLinkOptions) {
    this.#port = port;
    this.#options = options;
    const name = pageChannel(options.home, options.page);
    this.#channel = options.peers.openChannel(name, (message) => this.#hear(message));
    // The leader waits for this lock: it gets it when the page is gone, in whatever way.
    this.#here = new Promise((here) => {
      void options.peers.locks.request(
        name,
        {},
        () =>
          new Promise((gone) => {
            this.#gone = gone;
            here();
          }),
      );
    });
    void this.#here.then(() => this.join());
  }

  /** Somebody else leads, or leads anew. */
  join(): void {
    this.#leader = undefined;
    this.#cancelJoin();
    void this.#here.then(() => this.#options.join(this.#options.page));
    this.#cancelJoin = this.#options.clock.after(JOIN_MS, () => this.join());
  }

  credit(page: 'visible' | 'hidden'): void {
    this.#credit = page;
    if (this.#leader) this.#send({ type: 'credit', v: WIRE_VERSION, page });
  }

  watch(watch: Watch): void {
    this.#watch = watch;
    if (this.#leader) this.#sendCall(0, 'watch', [watch]);
  }

  /** Has the leader carry out a call. Rejects with one sentence, the leader's own or that there is none. */
  call(name: CallName, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#calls;
      const pending = { name, args, resolve, reject, tries: 0, cancel: () => {} };
      this.#pending.set(id, pending);
      if (this.#leader) this.#make(id, pending);
      else this.#giveUpLater(id, pending);
    });
  }

  /** This tab leads now: what was not answered is carried out here. */
  handOver(carryOut: (name: CallName, args: readonly unknown[]) => Promise<unknown>): void {
    for (const [id, { name, args, resolve, reject }] of this.#pending) {
      this.#drop(id);
      carryOut(name, args).then(resolve, reject);
    }
  }

  stop(): void {
    this.#cancelJoin();
    this.#cancelJoin = () => {};
    this.#leader = undefined;
    for (const [id, { reject }] of this.#pending) {
      this.#drop(id);
      reject(new Error('This page left the home before it was answered.'));
    }
    void this.#here.then(() => {
      this.#gone();
      this.#channel.close();
    });
  }

  #hear(message: unknown): void {
    const said = readStamped<PageMessage>(message);
    if (!said || said.v !== WIRE_VERSION || said.term < this.#options.term()) return;
    switch (said.type) {
      case 'welcome':
        this.#welcome(said);
        return;
      case 'hand-over':
        this.#options.onHandOver(said.handOver);
        return;
      case 'ack':
        this.#acknowledged(said.id, said.from);
        return;
      case 'from-engine':
        this.#take(said.message);
        return;
    }
  }

  #welcome({ from, handOver }: FromTab<{ readonly handOver: HandOver }>): void {
    this.#cancelJoin();
    this.#leader = from;
    this.#options.onHandOver(handOver);
    if (this.#watch) this.#sendCall(0, 'watch', [this.#watch]);
    if (this.#credit) this.#send({ type: 'credit', v: WIRE_VERSION, page: this.#credit });
    for (const [id, pending] of this.#pending) if (pending.takenBy !== from) this.#make(id, pending);
  }

  #take(message: FromEngine): void {
    if (message.type === 'answer') {
      const pending = this.#pending.get(message.id);
      this.#drop(message.id);
      if (message.ok) pending?.resolve(message.value);
      else pending?.reject(new Error(message.error));
      return;
    }
    if (message.type === 'frame') {
      this.#credit = undefined;
      for (const { series } of message.frame.channels ?? []) this.#highest = Math.max(this.#highest, series);
      this.#options.onSeries(this.#highest);
    }
    this.#port.post(message, []);
  }

  #make(id: number, pending: Pending): void {
    if (pending.tries === MAX_TRIES) {
      this.#fail(id);
      return;
    }
    pending.tries++;
    pending.takenBy = undefined;
    pending.cancel();
    // A leader that hangs will be replaced; one that lives lets the page join again, which makes the call once more.
    pending.cancel = this.#options.clock.after(ACK_MS, () => {
      this.#giveUpLater(id, pending);
      this.join();
    });
    this.#sendCall(id, pending.name, pending.args);
  }

  #acknowledged(id: number, from: string): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.takenBy = from;
    pending.cancel();
  }

  #giveUpLater(id: number, pending: Pending): void {
    pending.cancel();
    pending.cancel = this.#options.clock.after(GIVE_UP_MS, () => this.#fail(id));
  }

  #fail(id: number): void {
    const pending = this.#pending.get(id);
    this.#drop(id);
    pending?.reject(new Error(NO_ANSWER));
  }

  #drop(id: number): void {
    this.#pending.get(id)?.cancel();
    this.#pending.delete(id);
  }

  #sendCall(id: number, name: CallName, args: readonly unknown[]): void {
    this.#send({ type: 'call', v: WIRE_VERSION, id, name, args });
  }

  #send(message: ToEngine): void {
    this.#channel.post(stamped({ type: 'to-engine', message }, this.#options.term(), this.#options.page));
  }
}
