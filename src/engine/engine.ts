import type { HomeRequest } from '../engine-api/calls.ts';
import type { Port, ToEngine } from '../engine-api/wire.ts';
import { homeName, type Credential } from '../model/broker.ts';
import { answerCall, type AnsweredCalls } from './answer-call.ts';
import { frameSource } from './frame-source.ts';
import { Home, SIGNED_OUT } from './home.ts';
import { LiveState } from './live-state.ts';
import { PageFeed } from './page-feed.ts';
import { Pages } from './pages.ts';
import { noHomePart } from './no-home.ts';
import type { World } from './world.ts';

/** A page's end of the engine. */
export interface AttachedPage {
  /** What the page says: a call or a credit. */
  receive(message: ToEngine): void;
  detach(): void;
}

const ELSEWHERE =
  'Telltale is already open for this broker and user in another tab of this browser. Use that tab, or close it and try again.';

/** The engine behind every page: one home at a time, and the pages that are shown it. */
export class Engine {
  readonly #world: World;
  readonly #pages = new Pages();
  readonly #noDevices = new LiveState(this.#pages);
  #home: Home | undefined;
  #giveBackLead: (() => void) | undefined;
  /** Opening and closing take turns, so that a quick second sign-in cannot end up with two homes. */
  #turn: Promise<unknown> = Promise.resolve();
  /** A sign-out does not wait for its turn: what was asked for before it must not connect after it. */
  #signOuts = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Gives a page its own account of what it has not been told. */
  attach(port: Port): AttachedPage {
    const source = frameSource(
      () => this.#home?.live ?? this.#noDevices,
      () => this.#home?.outbox.commands ?? new Map(),
      (part) => this.#home?.part(part) ?? noHomePart(part, this.#world),
    );
    const feed = new PageFeed(port, source, this.#world.clock);
    this.#pages.add(feed);
    const calls: AnsweredCalls = {
      open: async (request) => void (await this.#inTurn(() => this.#open(request))),
      signIn: (request) =>
        this.#unlessSignedOut((wanted) => this.#signIn(request, request.credential, wanted)),
      signOut: () => {
        this.#signOuts++;
        this.#home?.signOut();
      },
      retryNow: () => this.#home?.retryNow(),
      changeLink: (change) => this.#required().changeLink(change),
      send: (request) => this.#required().send(request),
      cancel: (id) => this.#required().outbox.cancel(id),
      watch: (watch) => feed.watch(watch),
      series: (request) => this.#required().history.series(request),
      exportHistory: (device, cursor) => this.#required().history.exportPage(device, cursor),
      forgetHistory: () => this.#unlessSignedOut((wanted) => this.#forget(wanted)),
    };
    return {
      receive: (message) => {
        if (message.type === 'call') {
          void answerCall(port, message, calls);
          return;
        }
        this.#home?.setPage(message.page);
        feed.credit(message.page);
      },
      detach: () => this.#pages.delete(feed),
    };
  }

  /** Ends the link and makes everything that was received durable. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  async #open(request: HomeRequest): Promise<Home> {
    const name = (r: HomeRequest) => homeName({ base: r.base, broker: r.profile.name, username: r.username });
    // The profile may have changed under its name (config.json was edited), so only the very same one goes on.
    if (this.#home && JSON.stringify(this.#home.request) === JSON.stringify(request)) return this.#home;
    await this.#close();
    this.#giveBackLead = await this.#world.peers.lead(name(request));
    if (!this.#giveBackLead) throw new Error(ELSEWHERE);
    return this.#begin(request);
  }

  async #begin(request: HomeRequest): Promise<Home> {
    this.#home = await Home.open(request, this.#pages, this.#world);
    this.#pages.reset();
    return this.#home;
  }

  async #signIn(request: HomeRequest, credential: Credential, wanted: () => boolean): Promise<void> {
    const { base, profile, username } = request;
    const home = await this.#open({ base, profile, username });
    if (!wanted()) throw new Error(SIGNED_OUT);
    await home.connect(credential);
  }

  async #forget(wanted: () => boolean): Promise<void> {
    const home = this.#required();
    const { request, credential } = home;
    this.#home = undefined;
    try {
      await home.forget();
    } finally {
      // The old home is closed, whether its database could be deleted or not.
      const fresh = await this.#begin(request);
      if (credential && wanted()) void fresh.reconnect(credential);
    }
  }

  async #close(): Promise<void> {
    const home = this.#home;
    this.#home = undefined;
    await home?.close();
    this.#giveBackLead?.();
    this.#giveBackLead = undefined;
    this.#pages.reset();
  }

  #required(): Home {
    if (!this.#home) throw new Error('No broker is open. Sign in first.');
    return this.#home;
  }

  /** Runs in turn, and can tell whether somebody signed out since it was asked for. */
  #unlessSignedOut(run: (wanted: () => boolean) => Promise<void>): Promise<void> {
    const before = this.#signOuts;
    return this.#inTurn(() => run(() => this.#signOuts === before));
  }

  #inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => {});
    return result;
  }
}
