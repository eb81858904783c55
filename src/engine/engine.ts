import type { CallName, HomeRequest } from '../engine-api/calls.ts';
import type { Port } from '../engine-api/wire.ts';
import type { Credential } from '../model/broker.ts';
import { answerCall, carryOutOf, type AnsweredCalls, type CarryOut } from './answer-call.ts';
import type { AttachedPage } from './feed/attached-page.ts';
import { examine } from './doctor.ts';
import { frameSource, type FrameSource } from './feed/frame-source.ts';
import type { Home } from './home.ts';
import { SIGNED_OUT } from './link/home-link.ts';
import { LiveState } from './live/live-state.ts';
import { Overtaking } from './history/overtaking.ts';
import { noHomePart } from './no-home.ts';
import { PageEnd, type FrameTap } from './feed/page-end.ts';
import { PageFeed } from './feed/page-feed.ts';
import { Pages } from './feed/pages.ts';
import { Seat } from './seat.ts';
import type { World } from './world/world.ts';

const NEWER =
  'A newer Telltale is open in another tab. Reload this page to use it; until then it shows what it last saw.';

/** How the link is used is the home's own, and may have changed since. */
function isSameHome(one: HomeRequest, other: HomeRequest): boolean {
  const text = ({ profile, ...rest }: HomeRequest) =>
    JSON.stringify({ ...rest, profile: { ...profile, link: undefined } });
  return text(one) === text(other);
}

/** The engine behind every page: a seat at one home at a time, and the pages that are shown it. */
export class Engine {
  readonly #world: World;
  readonly #pages = new Pages();
  readonly #noDevices = new LiveState(this.#pages);
  /** The pages of this tab. */
  readonly #ends = new Set<PageEnd>();
  /** The pages that somebody looks at, here and in the tabs that follow. */
  readonly #lookedAt = new Set<object>();
  #seat: Seat | undefined;
  /** Opening and closing take turns, so that a quick second sign-in cannot end up with two homes. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Who signs out or leaves does not wait for a turn: what was asked for before must not connect afterwards. */
  #signOuts = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Gives a page its own account of what it has not been told. */
  attach(port: Port): AttachedPage {
    const end = new PageEnd(port);
    this.#ends.add(end);
    if (this.#seat?.following) this.#seat.link(end);
    else end.turnTo((gate) => this.#feed(gate, this.#source()));
    const here = this.#carryOutHere();
    const opening: Partial<AnsweredCalls> = {
      open: async (request) => void (await this.#inTurn(() => this.#open(request))),
      signIn: (request) =>
        this.#unlessSignedOut(async (wanted) => {
          await this.#open({ base: request.base, profile: request.profile, username: request.username });
          if (!wanted()) throw new Error(SIGNED_OUT);
          await this.#carryOut(end, here, 'signIn', [request]);
          if (!wanted()) throw new Error(SIGNED_OUT);
        }),
      forgetHistory: () =>
        this.#inTurn(async () => void (await this.#carryOut(end, here, 'forgetHistory', []))),
      leave: async () => {
        // At once, which ends an attempt that has the turn; and in turn, for a home that it was just about to open.
        await Promise.all([this.#leave(), this.#inTurn(() => this.#leave())]);
      },
      watch: (watch) => end.watch(watch),
      diagnose: (request) => {
        const { username = '' } = request;
        return examine(this.#world, {
          ...request,
          credential: request.credential ?? this.#seat?.credentialOf(request.profile.name, username),
        });
      },
    };
    const carryOut: CarryOut = (name, args) => {
      if (name === 'signOut' || name === 'leave') this.#signOuts++;
      if (Object.hasOwn(opening, name)) return carryOutOf(opening as AnsweredCalls)(name, args);
      return this.#carryOut(end, here, name, args);
    };
    return {
      receive: (message) => {
        if (message.type === 'call') void answerCall(port, message, carryOut);
        else if (message.type === 'life') void this.#live(message.page);
        else {
          this.#look(end, message.page);
          this.#seat?.seen([...this.#ends].some((one) => this.#lookedAt.has(one)));
          end.credit(message.page);
        }
      },
      detach: () => {
        end.stop();
        this.#seat?.forgetEnd(end);
        this.#ends.delete(end);
        this.#look(end, 'hidden');
      },
    };
  }

  /** Ends the link and makes everything that was received durable. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#leave());
  }

  get #home(): Home | undefined {
    return this.#seat?.home;
  }

  /** A page of another tab: it has a feed here, and its calls are carried out as this tab's own are. */
  #attachFollower(port: Port): AttachedPage {
    const source = this.#source();
    const part: FrameSource['part'] = (name) => {
      const value = source.part(name);
      return name === 'link' ? { ...(value as object), tab: 'follower' } : value;
    };
    const feed = this.#feed(port, { ...source, part });
    const here = this.#carryOutHere();
    const carryOut: CarryOut = (name, args) =>
      name === 'watch' ? feed.watch(args[0] as Parameters<FrameTap['watch']>[0]) : here(name, args);
    return {
      receive: (message) => {
        if (message.type === 'call') void answerCall(port, message, carryOut);
        if (message.type !== 'credit') return;
        this.#look(feed, message.page);
        feed.credit(message.page);
      },
      detach: () => {
        feed.stop();
        this.#look(feed, 'hidden');
      },
    };
  }

  #feed(port: Port, source: FrameSource): FrameTap {
    const feed = new PageFeed(port, source, this.#world.clock);
    this.#pages.add(feed);
    return {
      credit: (page) => feed.credit(page),
      watch: (watch) => feed.watch(watch),
      stop: () => {
        this.#pages.delete(feed);
        feed.stop();
      },
    };
  }

  #source(): FrameSource {
    return frameSource(
      () => this.#home?.live ?? this.#noDevices,
      () => (this.#home ? [this.#home.outbox.commands, this.#home.overheard.commands] : []),
      (part) => this.#home?.part(part) ?? noHomePart(part, this.#world),
    );
  }

  /** Carries out a call where the home is. */
  #carryOut(end: PageEnd, here: CarryOut, name: CallName, args: readonly unknown[]): unknown {
    return this.#seat?.following ? this.#seat.ask(end, name, args) : here(name, args);
  }

  /** Carries out the calls of one page by the home in this worker. */
  #carryOutHere(): CarryOut {
    const overtaking = new Overtaking();
    const calls: AnsweredCalls = {
      // What opens a home or belongs to one page is not carried out for others.
      open: () => {},
      leave: () => {},
      watch: () => {},
      diagnose: () => [],
      signIn: ({ credential }) => this.#connect(credential),
      signOut: () => {
        this.#signOuts++;
        this.#home?.signOut();
        this.#seat?.handOver({ credential: undefined, refusal: undefined });
      },
      retryNow: (byHand) => this.#home?.link.retryNow(byHand),
      changeLink: (change) => {
        const { link } = this.#required();
        link.change(change);
        this.#seat?.handOver({ link: link.settings });
      },
      linkReport: () => this.#required().link.report(),
      askAgain: (filter) => this.#required().subscriptions.askAgain(filter),
      send: (request) => this.#required().outbox.send(request),
      sendMany: (request) => this.#required().outbox.sendMany(request),
      stopBatch: (id) => this.#required().outbox.stopBatch(id),
      cancel: (id) => this.#required().outbox.cancel(id),
      series: (request) =>
        overtaking.run(request.purpose, (stillWanted) =>
          this.#required().history.series(request, stillWanted),
        ),
      overview: (request) => this.#required().history.overview(request),
      events: (request) => this.#required().history.events(request),
      setRules: (rules) => this.#required().alerts.setRules(rules),
      adoptRules: (revision) => this.#required().alerts.adoptRules(revision),
      publishRules: (rules) => this.#required().alerts.publishRules(rules),
      tryRule: (request) => this.#required().alerts.tryRule(request),
      acknowledge: (ids) => this.#required().alerts.acknowledge(ids),
      commandLog: (request) => this.#required().history.commands.log(request),
      exportCommands: (filter, before) => this.#required().history.commands.exportPage(filter, before),
      configHistory: (device) => this.#required().history.configs.list(device),
      describedAs: (device) => this.#required().descriptions.document(device),
      draftDescription: (request) => this.#required().descriptions.draft(request),
      readDescription: (device, document) => this.#required().descriptions.read(device, document),
      describe: (request) => this.#required().descriptions.describe(request),
      describeLocally: (request) => this.#required().descriptions.local.put(request),
      usage: () => this.#required().history.usage(),
      settings: () => this.#required().history.settings,
      setSettings: (settings) => this.#required().history.setSettings(settings),
      flush: async () => {
        const { history } = this.#required();
        await history.flush();
        return history.storage.mode === 'disk';
      },
      exportHistory: (device, cursor) => this.#required().history.exportPage(device, cursor),
      forgetHistory: async () => {
        this.#required();
        await this.#seat?.forget();
      },
    };
    return carryOutOf(calls);
  }

  async #open(request: HomeRequest): Promise<void> {
    // The profile may have changed under its name (config.json was edited), so only the very same one goes on.
    const before = this.#seat?.request;
    if (before && isSameHome(before, request)) return;
    await this.#leave(before?.profile.name === request.profile.name && before.username !== request.username);
    const here = this.#carryOutHere();
    const seat = new Seat({
      request,
      world: this.#world,
      pages: this.#pages,
      ends: this.#ends,
      visible: () => [...this.#ends].some((end) => this.#lookedAt.has(end)),
      attach: (port) => this.#attachFollower(port),
      showHere: () => this.#showHere(),
      carryOut: async (name, args) => here(name, args),
      outdated: (version) => void this.#outdated(version),
    });
    this.#seat = seat;
    await seat.taken();
  }

  /** Signs in to the home that is led here. A wrong password does not cost the others the link that they have. */
  async #connect(credential: Credential): Promise<void> {
    const home = this.#required();
    const before = home.link.credential;
    const live = before !== undefined && home.link.isLive;
    if (live && before.password === credential.password) return;
    try {
      await home.link.connect(credential);
    } catch (error) {
      const signedOut = error instanceof Error && error.message === SIGNED_OUT;
      if (live && !signedOut && home === this.#home) void home.link.reconnect(before);
      throw error;
    } finally {
      if (home === this.#home) this.#seat?.handOver({ credential: home.link.credential, refusal: undefined });
    }
  }

  async #leave(signedOver = false): Promise<void> {
    const seat = this.#seat;
    this.#seat = undefined;
    await seat?.leave(signedOver);
    this.#showHere();
    this.#pages.reset();
  }

  #showHere(): void {
    for (const end of this.#ends) end.turnTo((port) => this.#feed(port, this.#source()));
  }

  /** This build is too old to take part: its pages keep what they show, and are told by a message of the newer wire. */
  async #outdated(version: number): Promise<void> {
    const seat = this.#seat;
    this.#seat = undefined;
    for (const end of this.#ends) end.post({ type: 'notice', v: version, text: NEWER });
    await seat?.leave();
  }

  async #live(page: 'away' | 'back'): Promise<void> {
    if (page === 'away') await this.#seat?.rest();
    else await this.#seat?.wake();
  }

  #look(at: object, page: 'visible' | 'hidden'): void {
    if (page === 'visible') this.#lookedAt.add(at);
    else this.#lookedAt.delete(at);
    this.#home?.link.setPage(this.#lookedAt.size > 0 ? 'visible' : 'hidden');
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
