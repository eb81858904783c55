import { LEAVING_CHANNEL, WIRE_VERSION } from '../../engine-api/wire.ts';
import type { Clock } from '../time/clock.ts';
import type { Peers, TabChannel } from '../world/peers.ts';
import { readStamped, stamped, type FromTab, type HomeMessage } from './tab-wire.ts';

const BEAT_MS = 2_000;
/** Three missed beats. A hidden tab waits a little longer, so that a visible one comes first. */
const SILENCE_MS = 3 * BEAT_MS;
const HIDDEN_EXTRA_MS = 750;
/** A leader that is alive answers within this time. */
const SECOND_LOOK_MS = 200;
/** How long a tab has been looked at before it asks a hidden leader: glancing at a tab is no reason to move the link. */
const LOOKED_AT_MS = 5_000;
/** How long a leader that yields keeps its lock, so that it goes to the tab that asked and not to the next in the queue. */
const YIELD_MS = 500;

/** What the election asks of the tab that stands in it. */
export interface Candidate {
  /** Somebody looks at this tab. */
  visible(): boolean;
  /**
   * This tab has the lead, as long as `held` says so: begins a term above `above` and answers with it. Nobody hears of it
   * before.
   */
  lead(above: number, held: () => boolean): Promise<number>;
  /** The lead is gone: ends the client at once. Answers when everything is put down. */
  stepDown(): Promise<void>;
  /** Another tab leads, or leads anew. */
  follow(): void;
  /** A page of another tab asks to be shown what this leader sees. */
  join(page: string): void;
  /** Another tab speaks a newer wire: this one is too old to take part. */
  outdated(version: number): void;
}

interface World {
  readonly peers: Peers;
  readonly clock: Clock;
}

/** A lock that is held, until it is given back or stolen. */
interface Hold {
  release(): void;
}

/**
 * Chooses the one tab that leads a home. The lead is a Web Lock; a leader that hangs keeps it, so its beats are listened
 * to and the lock is stolen after three that are missing, by one tab at a time (the lock `<home>:steal`). Two leaders at
 * once can only ever be an old and a new one: the term tells them apart, on every message and in every write.
 */
export class Election {
  readonly #home: string;
  readonly #tab: string;
  readonly #world: World;
  readonly #candidate: Candidate;
  readonly #channel: TabChannel;
  readonly #leaving: TabChannel;
  readonly #settled: Promise<void>;
  #settle: () => void = () => {};
  #leading = false;
  /** This tab's term while it leads, else the highest that was heard of. */
  #term = 0;
  #leader: string | undefined;
  #heardAt: number;
  /** How often a tab that has the lead was heard. */
  #signsOfLife = 0;
  #lookedAtSince: number | undefined;
  #hold: Hold | undefined;
  #waiting = new AbortController();
  #stealing = false;
  #resting = false;
  #left = false;
  #cancelBeat = () => {};
  #cancelWatch = () => {};

  /** Takes part from now on. `tab` is unguessable and this tab's own. */
  constructor(home: string, tab: string, world: World, candidate: Candidate) {
    this.#home = home;
    this.#tab = tab;
    this.#world = world;
    this.#candidate = candidate;
    this.#settled = new Promise((resolve) => (this.#settle = resolve));
    this.#heardAt = world.clock.now();
    this.#channel = world.peers.openChannel(home, (message) => this.#hear(message));
    this.#leaving = world.peers.openChannel(LEAVING_CHANNEL, () => void this.#steal(() => this.#isSilent()));
    this.seen(candidate.visible());
    this.#queue();
  }

  get leading(): boolean {
    return this.#leading;
  }

  get term(): number {
    return this.#term;
  }

  /** Resolves when this tab leads or knows who does. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Somebody looks at this tab from now on, or nobody does any more. */
  seen(visible: boolean): void {
    if (!visible) this.#lookedAtSince = undefined;
    else this.#lookedAtSince ??= this.#world.clock.now();
    if (this.#leading) this.#post({ type: 'beat', hidden: !visible });
  }

  /** Asks the leader to show a page what it sees. */
  join(page: string): void {
    this.#post({ type: 'join', page });
  }

  /** The leader began a new term by itself, since its history was begun anew. */
  renew(term: number): void {
    this.#term = term;
    this.#beat();
  }

  /** The page is put aside and may come back: the lead is given up cleanly. */
  async rest(): Promise<void> {
    if (this.#resting) return;
    this.#resting = true;
    this.#cancelBeat();
    this.#cancelWatch();
    this.#waiting.abort();
    const hold = this.#hold;
    this.#hold = undefined;
    this.#leading = false;
    this.#leader = undefined;
    if (!hold) return;
    // The client ends within the call. The lock does not wait for what is put down after that, since the browser may stop
    // this tab at any moment: the store has it before the next leader's term, or refuses it.
    const down = this.#candidate.stepDown();
    hold.release();
    await down;
  }

  /** The page is back: nothing that was known before can be believed. */
  async wake(): Promise<void> {
    await this.rest();
    if (this.#left) return;
    this.#resting = false;
    this.#heardAt = this.#world.clock.now();
    this.#queue();
  }

  /** Takes part no more. */
  async leave(): Promise<void> {
    this.#left = true;
    await this.rest();
    this.#channel.close();
    this.#leaving.close();
    this.#settle();
  }

  #queue(): void {
    if (this.#resting) return;
    this.#waiting = new AbortController();
    void this.#request({ signal: this.#waiting.signal });
    this.#post({ type: 'look' });
    this.#watch();
  }

  /** Resolves when this tab leads or has lost the lock again. */
  #request(options: { readonly steal?: boolean; readonly signal?: AbortSignal }): Promise<void> {
    let hold: Hold | undefined;
    return new Promise((over) => {
      const held = () =>
        new Promise<void>((release) => {
          hold = { release };
          void this.#lead(hold).then(over);
        });
      this.#world.peers.locks.request(this.#home, options, held).catch(() => {
        // Stolen, or not waited for any more.
        if (hold && hold === this.#hold) void this.#lost();
        over();
      });
    });
  }

  async #lead(hold: Hold): Promise<void> {
    if (this.#resting) return hold.release();
    this.#hold = hold;
    this.#cancelWatch();
    const term = await this.#candidate.lead(this.#term, () => this.#hold === hold);
    // The lock may have been stolen, or the page put aside, while the home was being opened.
    if (this.#hold !== hold) return;
    this.#term = term;
    this.#leading = true;
    this.#leader = this.#tab;
    this.#beat();
    this.#settle();
  }

  async #lost(): Promise<void> {
    this.#hold = undefined;
    this.#leading = false;
    this.#leader = undefined;
    this.#cancelBeat();
    // The client ends within this call; what is left to be put down may take longer.
    const down = this.#candidate.stepDown();
    this.#heardAt = this.#world.clock.now();
    this.#queue();
    await down;
  }

  #beat(): void {
    this.#cancelBeat();
    this.#post({ type: 'beat', hidden: !this.#candidate.visible() });
    this.#cancelBeat = this.#world.clock.after(BEAT_MS, () => this.#beat());
  }

  /** Watches the leader's beats. */
  #watch(): void {
    this.#cancelWatch();
    const patience = SILENCE_MS + (this.#candidate.visible() ? 0 : HIDDEN_EXTRA_MS);
    const wait = Math.max(0, this.#heardAt + patience - this.#world.clock.now());
    this.#cancelWatch = this.#world.clock.after(wait, () => void this.#steal(() => this.#isSilent()));
  }

  async #isSilent(): Promise<boolean> {
    const before = this.#signsOfLife;
    this.#post({ type: 'look' });
    await new Promise<void>((resolve) => this.#world.clock.after(SECOND_LOOK_MS, resolve));
    return this.#signsOfLife === before;
  }

  /** Takes the lead by force, one tab at a time, and only if `still` says so when it is this tab's turn. */
  async #steal(still: () => Promise<boolean> | boolean): Promise<void> {
    if (this.#stealing || this.#hold || this.#resting) return;
    this.#stealing = true;
    const taken = async () => {
      if (this.#resting || this.#hold || !(await still())) return;
      if (this.#resting || this.#hold) return;
      this.#waiting.abort();
      // The next thief looks when this one's term stands and was told.
      await this.#request({ steal: true });
    };
    await this.#world.peers.locks.request(`${this.#home}:steal`, {}, taken);
    this.#stealing = false;
    if (!this.#hold && !this.#resting) this.#watch();
  }

  #hear(message: unknown): void {
    const said = readStamped<HomeMessage>(message);
    if (!said || this.#left || this.#resting) return;
    if (said.v > WIRE_VERSION) {
      this.#candidate.outdated(said.v);
      return;
    }
    if (said.v < WIRE_VERSION) {
      if (said.type !== 'beat') return;
      // Only the newest build may write: its leader is obeyed by nobody else either.
      this.#term = Math.max(this.#term, said.term);
      void this.#steal(() => true);
      return;
    }
    switch (said.type) {
      case 'look':
        if (this.#leading) this.#beat();
        else if (this.#hold) this.#post({ type: 'opening' });
        return;
      case 'opening':
        this.#heardAt = this.#world.clock.now();
        this.#signsOfLife++;
        if (!this.#hold) this.#watch();
        return;
      case 'beat':
        this.#hearBeat(said);
        return;
      case 'join':
        if (this.#leading) this.#candidate.join(said.page);
        return;
      case 'ask':
        if (this.#leading && !this.#candidate.visible()) void this.#yield(said.from);
        return;
      case 'yours':
        if (said.to === this.#tab) void this.#steal(() => true);
        return;
    }
  }

  #hearBeat({ from, term, hidden }: FromTab<{ readonly type: 'beat'; readonly hidden: boolean }>): void {
    // What an old leader says after a new one began.
    if (term < this.#term || this.#leading) return;
    const news = from !== this.#leader || term !== this.#term;
    this.#term = term;
    this.#leader = from;
    this.#heardAt = this.#world.clock.now();
    this.#signsOfLife++;
    if (!this.#hold) this.#watch();
    if (news) this.#candidate.follow();
    this.#settle();
    const looked = this.#lookedAtSince;
    if (hidden && looked !== undefined && this.#heardAt - looked >= LOOKED_AT_MS) this.#post({ type: 'ask' });
  }

  async #yield(to: string): Promise<void> {
    const hold = this.#hold;
    this.#hold = undefined;
    this.#leading = false;
    this.#leader = undefined;
    this.#cancelBeat();
    await this.#candidate.stepDown();
    this.#post({ type: 'yours', to });
    this.#world.clock.after(YIELD_MS, () => hold?.release());
    this.#heardAt = this.#world.clock.now();
    this.#queue();
  }

  #post(message: HomeMessage): void {
    if (!this.#left) this.#channel.post(stamped(message, this.#term, this.#tab));
  }
}
