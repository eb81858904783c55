import type { HomeRequest, LinkChange } from '../engine-api/calls.ts';
import type { LinkReport } from '../engine-api/link-report.ts';
import { homeName, type Credential } from '../model/broker.ts';
import { brokerTruth, type BrokerTruth } from '../model/broker-truth.ts';
import { DEFAULT_LINK_SETTINGS, queuesWhileAway, type LinkSettings } from '../model/link-settings.ts';
import { policyTopic } from '../model/policy.ts';
import { nativeId } from '../model/device.ts';
import type { Publish } from '../model/convention.ts';
import type { Command } from '../model/command.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { Connection, type ConnectionState } from './connection/connection.ts';
import { Redeliveries } from './connection/redeliveries.ts';
import type { Ending } from './connection/refusal.ts';
import type { Session } from './connection/session.ts';
import { passedOver } from './connection/tap.ts';
import { commandEvent, problemEvent } from './happened.ts';
import { newClientId, openHistory, type History } from './history.ts';
import { HomeAlerts } from './home-alerts.ts';
import { homePart } from './home-part.ts';
import { ingest, type IngestTarget } from './ingest.ts';
import { LinkJournal } from './link-journal.ts';
import { LiveState } from './live-state.ts';
import { newCommandId } from './new-command-id.ts';
import { Outage } from './outage.ts';
import { Outbox } from './outbox.ts';
import { Overheard } from './overheard.ts';
import type { Part } from './page-feed.ts';
import { pageLink } from './page-link.ts';
import type { Pages } from './pages.ts';
import { Problems } from './problems.ts';
import type { Reader } from './reader.ts';
import { restore } from './restore.ts';
import { Routes } from './routes.ts';
import { SignInPolicy } from './sign-in-policy.ts';
import { startConventions } from './start-conventions.ts';
import { Subscriptions } from './subscriptions.ts';
import { TelemetrySubscriptions } from './telemetry-subscriptions.ts';
import type { World } from './world.ts';

const SWEEP_MS = 1_000;
/** Why a sign-in came to nothing that the broker had no part in. */
export const SIGNED_OUT = 'Signed out before the broker answered.';

/** The term of leadership under which a home is opened. */
export interface Lead {
  /** It is above this one. */
  readonly above: number;
  /** A write was refused, since a later term has begun. */
  readonly onOldTerm?: () => void;
}

/** One home at work: its link, its devices, its history and its outbox. Another home is another one of these. */
export class Home implements IngestTarget {
  readonly live: LiveState;
  readonly routes = new Routes();
  readonly problems: Problems;
  readonly alerts: HomeAlerts;
  readonly subscriptions: Subscriptions;
  readonly outbox: Outbox;
  readonly overheard: Overheard;
  readonly counts = { received: 0, bytes: 0, viewedBytes: 0, samples: 0 };
  readonly #readers: ReadonlyMap<string, Reader>;
  readonly #connection: Connection;
  readonly #acknowledgements: Acknowledgements;
  readonly #telemetry: TelemetrySubscriptions;
  #request: HomeRequest;
  #settings: LinkSettings;
  #clientId: string;
  readonly #policy: SignInPolicy;
  readonly #journal: LinkJournal;
  readonly #outage: Outage;
  #credential: Credential | undefined;
  #cancelSweep: () => void;

  private constructor(
    request: HomeRequest,
    readonly history: History,
    readonly pages: Pages,
    private readonly world: World,
  ) {
    this.#request = request;
    this.#settings = request.profile.link ?? DEFAULT_LINK_SETTINGS;
    this.#clientId = history.remembered.clientId;
    this.#journal = new LinkJournal(world.clock);
    this.live = new LiveState(pages);
    this.problems = new Problems((news) => {
      pages.part('problems');
      if (news !== undefined) history.event(problemEvent(news));
    });
    this.#outage = new Outage(history.remembered.heardUntil);
    this.#policy = new SignInPolicy({
      username: () => this.request.username,
      clock: world.clock,
      onChange: () => {
        this.alerts.policy(this.#policy.document);
        pages.part('policy');
        pages.part('subscriptions');
      },
      onOtherRights: () => this.subscriptions.askAgain(),
      onUnreadable: (topic, at) =>
        this.problems.add(at, topic, 'The policy document of this sign-in cannot be read.'),
    });
    this.subscriptions = new Subscriptions({
      clock: world.clock,
      onChange: () => pages.part('subscriptions'),
      denies: (session) => this.#truth(session.protocol).deniesSubscribe,
      onRefused: this.#journal.refused,
    });
    this.alerts = new HomeAlerts({
      clock: world.clock,
      live: this.live,
      history,
      pages,
      subscriptions: this.subscriptions,
      username: () => this.request.username,
      session: () => this.#connection.session,
    });
    this.#acknowledgements = new Acknowledgements(world.clock, () => history.flush());
    const redeliveries = new Redeliveries(history.remembered.taken);
    history.withTaken(() => redeliveries.news());
    this.#connection = new Connection({
      redeliveries,
      openSocket: world.openSocket,
      clock: world.clock,
      random: () => (world.random(1)[0] ?? 0) / 256,
      onMessage: (topic, payload, meta, acknowledge) => {
        if (this.#telemetry.isViewed(topic)) this.counts.viewedBytes += topic.length + payload.length;
        if (!meta.repeated) ingest(this, topic, payload, meta);
        this.#outage.received(meta.qos, meta.retain);
        if (acknowledge) this.#acknowledgements.take(acknowledge, !meta.retain);
      },
      onTooLarge: (topic, bytes, acknowledge) => {
        this.problems.add(world.clock.now(), topic, passedOver(bytes));
        if (acknowledge) this.#acknowledgements.take(acknowledge, false);
      },
      onLive: (session) => void this.#onLive(session),
      onDown: (heardAt, ending) => this.#onDown(heardAt, ending),
      onEnding: this.#journal.ended,
      onLink: (state) => this.#onLink(state),
      awaitsAnswer: () => this.outbox.awaitsAnswer || this.subscriptions.awaitsAnswer,
    });
    const newId = () => newCommandId(world.random);
    this.outbox = new Outbox({
      clock: world.clock,
      newId,
      by: () => request.username,
      write: (command, now) => this.#write(command, now),
      save: (commands) => history.commands.save(commands),
      note: (command) => history.commands.note(command),
      // What is handed to a socket in doubt may leave it when nobody wants it any more.
      session: () => (this.#connection.state.phase === 'live' ? this.#connection.session : undefined),
      pubackProves: (session) => this.#truth(session.protocol).pubackProves,
      forbidden: (topic) => this.#policy.forbids(topic),
      onChange: (id, isNews) => {
        pages.command(id);
        const command = this.outbox.commands.get(id);
        if (!isNews || !command) return;
        this.#journal.command(command);
        history.event(commandEvent(command, world.clock.now()));
      },
    });
    const own = this.outbox.commands;
    this.overheard = new Overheard({ clock: world.clock, newId, own, onChange: (id) => pages.command(id) });
    this.#readers = startConventions(world.conventions, request.profile.root, world.clock.now(), this);
    this.#telemetry = new TelemetrySubscriptions({
      clock: world.clock,
      subscriptions: this.subscriptions,
      readers: this.#readers,
      settings: this.#settings,
    });
    pages.onWatch = () => this.#telemetry.watch(pages.onScreen());
    pages.onWatch();
    this.live.listensSince = (device) => this.#telemetry.listensSince(device);
    this.subscriptions.want([{ filter: policyTopic(request.username), qos: 1, carries: 'state' }]);
    restore(this.live, this.outbox, history.remembered, world.clock.now());
    this.alerts.restore();
    this.#cancelSweep = world.clock.after(SWEEP_MS, () => this.#sweep());
  }

  /**
   * Opens a home: what this browser remembers of it is there at once, with or without a link. It begins a term of
   * leadership.
   */
  static async open(
    request: HomeRequest,
    pages: Pages,
    world: World,
    lead: Lead = { above: 0 },
  ): Promise<Home> {
    const history = await openHistory({
      name: homeName({ base: request.base, broker: request.profile.name, username: request.username }),
      open: world.openDatabase,
      clock: world.clock,
      random: world.random,
      ...lead,
      onChange: () => {
        pages.part('counters');
        pages.part('storage');
      },
    });
    return new Home(request, history, pages, world);
  }

  /** What it was opened with, and the settings of the link as they are now. */
  get request(): HomeRequest {
    return this.#request;
  }

  /** What the link was opened with, while it is wanted. */
  get credential(): Credential | undefined {
    return this.#credential;
  }

  /**
   * Connects, and stays connected. Rejects with one sentence when the broker refused, or when an address that never
   * answered before does not answer now: a mistyped one would be tried for ever.
   */
  async connect(credential: Credential): Promise<void> {
    if (!this.#connection.session) this.subscriptions.askAgain();
    const ending = await this.reconnect(credential);
    if (this.#credential !== credential) throw new Error(SIGNED_OUT);
    if (!ending) return;
    if (ending.retry && this.history.remembered.heardUntil !== undefined) return;
    this.#credential = undefined;
    if (ending.retry) this.#connection.end();
    throw new Error(ending.reason);
  }

  /** Connects, and tries for ever to. Answers why the first attempt failed, where it did. */
  reconnect(credential: Credential): Promise<Ending | undefined> {
    this.#credential = credential;
    const { protocol } = this.history.remembered;
    return this.#connection.connect({
      profile: this.request.profile,
      credential,
      clientId: this.#clientId,
      queue: queuesWhileAway(this.#settings),
      protocol,
    });
  }

  /** The broker has answered and is believed to be there. */
  get isLive(): boolean {
    return this.#connection.state.phase === 'live';
  }

  /** Also after it stopped because of another client with its id: a person may have closed that one. */
  retryNow(): void {
    if (this.#connection.state.cause === 'taken-over' && this.#credential)
      void this.reconnect(this.#credential);
    else this.#connection.retryNow();
  }

  /** Takes other settings up; connects anew where they are said to the broker when connecting. */
  changeLink({ newClientId: fresh, ...settings }: LinkChange): void {
    const queued = queuesWhileAway(this.#settings);
    this.#settings = { ...this.#settings, ...settings };
    this.#request = { ...this.#request, profile: { ...this.#request.profile, link: this.#settings } };
    this.#telemetry.change(this.#settings);
    if (fresh) {
      this.#clientId = newClientId(this.world.random);
      void this.history.rememberClientId(this.#clientId);
    }
    const anew = fresh || queued !== queuesWhileAway(this.#settings);
    if (anew && this.#credential) void this.reconnect(this.#credential);
  }

  setPage(page: 'visible' | 'hidden'): void {
    this.#connection.setPage(page);
  }

  /** Ends the link and forgets the credential; what was received stays. */
  signOut(): void {
    this.#credential = undefined;
    this.#policy.clear();
    this.#connection.end(true);
  }

  publish(publish: Publish): void {
    // A convention asks again by itself when what it asked for does not come.
    this.#connection.session?.publish(publish).catch(() => {});
  }

  /** Ends the link and makes everything durable. */
  async close(): Promise<void> {
    this.#end();
    await this.alerts.settled();
    await this.history.close();
  }

  /** As `close`, but what was kept is deleted. */
  async forget(): Promise<void> {
    this.#end();
    await this.history.forget();
  }

  /** What goes over the link, and what went wrong with it. */
  linkReport(): LinkReport {
    return this.#journal.report(this.#connection.traffic, this.#connection.heardAt);
  }

  /** The parts that cross to the page as a whole. */
  part(part: Part): unknown {
    const { state, session } = this.#connection;
    return homePart(part, this, {
      link: () => pageLink(state, this.world, this.history.storage),
      truth: () => this.#truth(session?.protocol ?? 4),
      policy: this.#policy.document,
    });
  }

  readDocument = (topic: string, payload: Uint8Array): boolean =>
    this.#policy.read(topic, payload) || this.alerts.read(topic, payload);

  #truth(protocol: 4 | 5): BrokerTruth {
    return brokerTruth(this.#request.profile.kind, protocol);
  }

  #end(): void {
    this.#cancelSweep();
    this.alerts.stop();
    this.pages.onWatch = () => {};
    this.#telemetry.stop();
    this.#policy.down();
    this.#acknowledgements.stop();
    this.#connection.end();
    this.outbox.stop();
    this.overheard.stop();
  }

  async #onLive(session: Session): Promise<void> {
    const gapSince = this.#outage.gapSince(session.sessionPresent);
    this.live.link(true, this.world.clock.now());
    this.outbox.pump();
    void this.history.rememberProtocol(session.protocol);
    await this.subscriptions.live(session);
    if (this.#connection.session !== session) return;
    // Telemetry at QoS 0 was lost until the broker had granted the subscriptions again.
    const now = this.world.clock.now();
    this.#policy.granted();
    if (gapSince !== undefined && now > gapSince) {
      this.history.gap(gapSince, now);
      this.pages.gap({ from: gapSince, to: now });
    }
    this.alerts.rules.regain(now, gapSince !== undefined);
    this.#outage.end();
    this.history.heard(now);
  }

  #onDown(heardAt: number, ending: Ending | undefined): void {
    this.#policy.down();
    this.history.heard(this.#outage.begin(heardAt));
    this.alerts.rules.lose(heardAt);
    this.live.link(false, this.world.clock.now());
    this.live.unconfirm();
    this.subscriptions.down(ending);
    this.outbox.down();
  }

  #onLink(state: ConnectionState): void {
    // Half-open looks like silence: what is shown stops being live at the same moment.
    const now = this.world.clock.now();
    if (state.phase === 'stale') {
      this.live.link(false, now);
      this.alerts.rules.lose(now);
    }
    if (state.phase === 'live') {
      this.live.link(true, now);
      if (!this.#outage.lasts) this.alerts.rules.regain(now, false);
      this.outbox.pump();
    }
    this.pages.part('link');
  }

  #sweep(): void {
    const now = this.world.clock.now();
    this.live.sweep(now);
    this.alerts.sweep(now, this.isLive);
    if (this.isLive && !this.#outage.lasts) this.history.heard(this.#connection.heardAt);
    this.#cancelSweep = this.world.clock.after(SWEEP_MS, () => this.#sweep());
  }

  #write(command: Command, now: number): readonly Publish[] {
    const reader = this.#readers.get(command.device.slice(0, command.device.indexOf(':')));
    if (!reader) throw new Error(`Nothing here knows how to command ${command.device}.`);
    return reader.session.command(nativeId(command.device), { ...command, now });
  }
}
