import type { BatchRequest, CallName, HomeRequest, SendRequest } from '../engine-api/calls.ts';
import type { Port } from '../engine-api/wire.ts';
import { homeName, type Credential } from '../model/broker.ts';
import type { AttachedPage } from './feed/attached-page.ts';
import { Followers } from './tabs/followers.ts';
import { HistoryReader } from './history/history-reader.ts';
import type { HandOver } from './tabs/hand-over.ts';
import { Home } from './home.ts';
import { LeaderLink } from './tabs/leader-link.ts';
import { Election, type Candidate } from './tabs/leader.ts';
import { newCommandId } from './commands/new-command-id.ts';
import type { Ending } from './connection/refusal.ts';
import type { PageEnd } from './feed/page-end.ts';
import type { Pages } from './feed/pages.ts';
import type { World } from './world/world.ts';

export interface SeatOptions {
  readonly request: HomeRequest;
  readonly world: World;
  readonly pages: Pages;
  /** The pages of this tab. */
  readonly ends: ReadonlySet<PageEnd>;
  readonly visible: () => boolean;
  /** Attaches a page of another tab. */
  readonly attach: (port: Port) => AttachedPage;
  /** This tab leads now, or does no more: its pages' frames come from here, or from nowhere yet. */
  readonly showHere: () => void;
  /** Carries out here what a leader that is gone left unanswered. */
  readonly carryOut: (name: CallName, args: readonly unknown[]) => Promise<unknown>;
  /** Another tab runs a newer build, with this version of the wire. */
  readonly outdated: (version: number) => void;
}

/**
 * This tab's seat at a home. The tab that leads has the {@link Home} with the one connection; any other shows its pages
 * what the leader sees, and holds the credential so that it can take over.
 */
export class Seat implements Candidate {
  readonly name: string;
  /** While this tab leads. */
  home: Home | undefined;
  readonly #options: SeatOptions;
  readonly #tab: string;
  readonly #election: Election | undefined;
  readonly #reader: HistoryReader;
  readonly #links = new Map<PageEnd, LeaderLink>();
  #followers: Followers | undefined;
  #handOver: HandOver = {};
  #over = false;

  readonly #taken: Promise<void>;

  constructor(options: SeatOptions) {
    this.#options = options;
    const { request, world } = options;
    this.name = homeName({ base: request.base, broker: request.profile.name, username: request.username });
    this.#tab = newCommandId(world.random);
    this.#reader = new HistoryReader({
      name: this.name,
      open: world.openDatabase,
      clock: world.clock,
      random: world.random,
    });
    if (world.peers.shared.possible) {
      this.#election = new Election(this.name, this.#tab, world, this);
      this.#taken = this.#election.settled;
    } else {
      this.#taken = this.lead(0, () => true).then(() => {});
    }
  }

  /** Resolves when this tab leads the home or follows the one that does. */
  taken(): Promise<void> {
    return this.#taken;
  }

  get request(): HomeRequest {
    return this.#options.request;
  }

  /** This tab shows what another one sees. */
  get following(): boolean {
    return this.#links.size > 0;
  }

  /** What `username` is signed in to a broker with here, if so. */
  credentialOf(broker: string, username: string): Credential | undefined {
    const { request } = this.#options;
    return request.profile.name === broker && request.username === username
      ? this.#handOver.credential
      : undefined;
  }

  /** What another tab needs to take over changed: all of them hear of it. */
  handOver(news: HandOver): void {
    this.#handOver = { ...this.#handOver, ...news };
    this.#followers?.tell(this.#handOver);
  }

  /** Somebody looks at this tab from now on, or nobody does any more. */
  seen(visible: boolean): void {
    this.#election?.seen(visible);
  }

  /** A page of this tab is new: its frames come from the leader. */
  link(end: PageEnd): void {
    this.#linkTo(end);
  }

  /** Carries out a page's call where the home is: in the leader's tab, or here where it only reads. */
  async ask(end: PageEnd, name: CallName, args: readonly unknown[]): Promise<unknown> {
    const link = this.#links.get(end) ?? this.#linkTo(end);
    if (name === 'send' || name === 'sendMany')
      return link.call(name, [this.#identified(args[0] as SendRequest | BatchRequest)]);
    if (!HistoryReader.reads(name)) return link.call(name, args);
    const stored = await link.call('flush', []);
    const answer = stored === true ? await this.#reader.read(name, args) : undefined;
    return answer ?? link.call(name, args);
  }

  /** A page of this tab is gone. */
  forgetEnd(end: PageEnd): void {
    this.#links.get(end)?.stop();
    this.#links.delete(end);
  }

  /** Deletes the home's database and opens the home anew, whether it could be deleted or not. */
  async forget(): Promise<void> {
    const home = this.home;
    if (!home) return;
    const { credential } = home.link;
    this.home = undefined;
    try {
      await home.forget();
    } finally {
      // The lead may be lost meanwhile: then another tab has opened the home.
      const leading = () => !this.#election || this.#election.leading;
      if (leading()) {
        const fresh = await this.#open(home.history.term, leading);
        // Without a store they last as long as this page.
        await fresh?.alerts.takeOver(home.alerts.state).catch(() => {});
        if (fresh) this.#election?.renew(fresh.history.term);
        if (fresh && credential && this.#handOver.credential === credential) this.#connect(fresh);
      }
    }
  }

  /** The browser puts the page aside; it may never come back. */
  async rest(): Promise<void> {
    await this.#election?.rest();
  }

  /** The page is back. */
  async wake(): Promise<void> {
    if (this.#election) await this.#election.wake();
    else this.home?.link.retryNow();
  }

  /**
   * Gives the seat up: ends the client if this tab leads, and puts down what it has.
   * @param signedOver somebody else signs in to the broker here: unless another tab goes on, the session ends as well
   */
  async leave(signedOver = false): Promise<void> {
    this.#over = true;
    if (signedOver && !this.#followers?.any) this.home?.signOut();
    for (const end of this.#links.keys()) this.forgetEnd(end);
    await this.#election?.leave();
    await this.stepDown();
    await this.#reader.close();
  }

  visible(): boolean {
    return this.#options.visible();
  }

  async lead(above: number, held: () => boolean): Promise<number> {
    const home = await this.#open(above, held);
    if (!home) return above;
    const links = [...this.#links.values()];
    for (const link of links) link.handOver(this.#options.carryOut);
    this.#links.clear();
    this.#options.showHere();
    this.#followers = new Followers({
      home: this.name,
      tab: this.#tab,
      peers: this.#options.world.peers,
      term: () => this.#election?.term ?? 0,
      handOver: () => this.#handOver,
      attach: this.#options.attach,
    });
    this.#connect(home);
    return home.history.term;
  }

  async stepDown(): Promise<void> {
    const home = this.home;
    this.home = undefined;
    this.#followers?.stop();
    this.#followers = undefined;
    if (!home) return;
    const down = home.close();
    if (!this.#over) for (const end of this.#options.ends) this.#linkTo(end);
    await down;
  }

  follow(): void {
    for (const end of this.#options.ends) {
      const link = this.#links.get(end);
      if (link) link.join();
      else this.#linkTo(end);
    }
  }

  join(page: string): void {
    this.#followers?.join(page);
  }

  outdated(version: number): void {
    this.#options.outdated(version);
  }

  /** Goes on as the tab before: a credential that was refused is not tried again with each tab that is closed. */
  #connect(home: Home): void {
    const { credential, refusal } = this.#handOver;
    if (!credential) return;
    if (refusal) home.link.showRefusal(refusal, credential);
    else void home.link.reconnect(credential);
  }

  async #open(above: number, held: () => boolean): Promise<Home | undefined> {
    const { pages, world } = this.#options;
    const { profile, ...rest } = this.#options.request;
    const request = { ...rest, profile: { ...profile, link: this.#handOver.link ?? profile.link } };
    const onRefusal = (refusal?: Ending) => {
      if (refusal || this.#handOver.refusal) this.handOver({ refusal });
    };
    const onOldTerm = () => {
      // What is still being put down after the lead is gone is refused as well.
      if (this.home) void this.#election?.wake();
    };
    const home = await Home.open(request, pages, world, { above, onOldTerm, onRefusal });
    // Left, or deposed, while the database was being opened.
    if (this.#over || !held()) {
      await home.close();
      return undefined;
    }
    this.home = home;
    pages.reset();
    return home;
  }

  #linkTo(end: PageEnd): LeaderLink {
    const { world } = this.#options;
    const link = end.turnTo(
      (port) =>
        new LeaderLink(port, {
          home: this.name,
          page: newCommandId(world.random),
          peers: world.peers,
          clock: world.clock,
          join: (page) => this.#election?.join(page),
          term: () => this.#election?.term ?? 0,
          onHandOver: (handOver) => (this.#handOver = handOver),
          onSeries: (highest) => this.#reader.series(highest),
        }),
    );
    this.#links.set(end, link);
    return link;
  }

  #identified<Request extends SendRequest | BatchRequest>(request: Request): Request {
    const { random, clock } = this.#options.world;
    return { ...request, id: request.id ?? newCommandId(random), at: request.at ?? clock.now() };
  }
}
