import type { HomeRequest } from '../engine-api/calls.ts';
import { homeName } from '../model/broker.ts';
import { retainedOnWildcards } from '../model/broker-truth.ts';
import { policyTopic } from '../model/policy.ts';
import type { Publish } from '../model/convention.ts';
import { CommandSubscriptions } from './commands/command-subscriptions.ts';
import type { Configs } from './documents/configs.ts';
import type { Session } from './connection/session.ts';
import { passedOver } from './connection/tap.ts';
import type { SizeLimits } from './connection/too-large.ts';
import type { Descriptions } from './documents/descriptions.ts';
import type { Lead } from './tabs/hand-over.ts';
import { problemEvent } from './history/happened.ts';
import { HeldFilters } from './link/held-filters.ts';
import type { History } from './history/history.ts';
import { openHistory } from './history/open-history.ts';
import { HomeAlerts } from './alerts/home-alerts.ts';
import { homeCommands } from './home-commands.ts';
import { HomeLink } from './link/home-link.ts';
import { homePart } from './home-part.ts';
import { ingest, type IngestTarget } from './ingest.ts';
import { LinkJournal } from './link/link-journal.ts';
import { LinkTurns } from './link-turns.ts';
import { LiveState } from './live/live-state.ts';
import type { Outbox } from './commands/outbox.ts';
import type { Overheard } from './commands/overheard.ts';
import type { Part } from './feed/part.ts';
import { pageLink } from './link/page-link.ts';
import type { Pages } from './feed/pages.ts';
import { Problems } from './problems.ts';
import type { Reader } from './reading/reader.ts';
import { restore } from './restore.ts';
import { Routes } from './reading/routes.ts';
import { SignInPolicy } from './link/sign-in-policy.ts';
import { startConventions } from './start-conventions.ts';
import { Subscriptions } from './link/subscriptions.ts';
import { TelemetrySubscriptions } from './link/telemetry-subscriptions.ts';
import type { World } from './world/world.ts';

const SWEEP_MS = 1_000;

/** One home at work: its link, its devices, its history and its outbox. Another home is another one of these. */
export class Home implements IngestTarget {
  readonly link: HomeLink;
  readonly live: LiveState;
  readonly routes = new Routes();
  readonly problems: Problems;
  readonly alerts: HomeAlerts;
  readonly subscriptions: Subscriptions;
  readonly outbox: Outbox;
  readonly overheard: Overheard;
  readonly configs: Configs;
  readonly descriptions: Descriptions;
  readonly counts = { received: 0, bytes: 0, viewedBytes: 0, samples: 0 };
  readonly #readers: ReadonlyMap<string, Reader>;
  readonly #telemetry: TelemetrySubscriptions;
  readonly #toDevices: CommandSubscriptions;
  readonly #policy: SignInPolicy;
  readonly #turns: LinkTurns;
  #cancelSweep: () => void;

  private constructor(
    request: HomeRequest,
    readonly history: History,
    readonly pages: Pages,
    private readonly world: World,
    lead: Lead,
  ) {
    const journal = new LinkJournal(world.clock);
    this.live = new LiveState(pages);
    this.problems = new Problems((news) => {
      pages.part('problems');
      if (news !== undefined) history.event(problemEvent(news));
    });
    this.#policy = new SignInPolicy({
      username: request.username,
      clock: world.clock,
      onChange: () => {
        const { document } = this.#policy;
        this.alerts.policy(document);
        if (document) this.#toDevices.policy(document);
        pages.part('policy');
        pages.part('subscriptions');
      },
      onAbsent: () => this.#toDevices.unknown(this.link.truth().deniesSubscribe),
      onOtherRights: () => this.subscriptions.askAgain(),
      onUnreadable: (topic, at) =>
        this.problems.add(at, topic, 'The policy document of this sign-in cannot be read.'),
    });
    this.subscriptions = new Subscriptions({
      clock: world.clock,
      onChange: () => pages.part('subscriptions'),
      held: new HeldFilters(history.remembered.heldFilters, (filters) =>
        history.rememberHeldFilters(filters),
      ),
      denies: (session) => this.link.truth(session.protocol).deniesSubscribe,
      onRefused: journal.refused,
    });
    this.alerts = new HomeAlerts({
      clock: world.clock,
      live: this.live,
      history,
      pages,
      subscriptions: this.subscriptions,
      username: () => request.username,
      session: () => this.link.session,
      limits: this.#limits,
    });
    this.link = new HomeLink({
      profile: request.profile,
      history,
      world,
      journal,
      onMessage: (topic, payload, meta) => {
        if (this.#telemetry.isViewed(topic, meta.notes))
          this.counts.viewedBytes += topic.length + payload.length;
        if (!meta.repeated) ingest(this, topic, payload, meta);
        this.#turns.outage.received(meta.qos, meta.retain);
      },
      onTooLarge: (topic, bytes) => this.problems.add(world.clock.now(), topic, passedOver(bytes)),
      onLive: (session) => void this.#turns.live(session),
      onDown: (heardAt, ending) => this.#turns.down(heardAt, ending),
      onState: (state) => this.#turns.state(state),
      onSignIn: () => this.subscriptions.askAgain(),
      onSettings: (settings) => {
        this.#telemetry.change(settings);
        pages.part('link');
      },
      awaitsAnswer: () => this.outbox.awaitsAnswer || this.subscriptions.awaitsAnswer,
      onRefusal: (refusal) => lead.onRefusal?.(refusal),
    });
    ({
      outbox: this.outbox,
      overheard: this.overheard,
      configs: this.configs,
      descriptions: this.descriptions,
    } = homeCommands({
      clock: world.clock,
      random: world.random,
      live: this.live,
      history,
      pages,
      readers: () => this.#readers,
      by: () => request.username,
      // What is handed to a socket in doubt may leave it when nobody wants it any more.
      session: () => this.link.liveSession,
      pubackProves: (session) => this.link.truth(session.protocol).pubackProves,
      retainedOnWildcards: () => retainedOnWildcards(request.profile.kind),
      limits: this.#limits,
      forbidden: (topic) => this.#policy.forbids(topic),
      onNews: (command) => journal.command(command),
      delivers: (topic) => this.#policy.delivers(topic, this.subscriptions.list()),
    }));
    this.#readers = startConventions(world.conventions, request.profile.root, world.clock.now(), this);
    this.#toDevices = new CommandSubscriptions({
      readers: this.#readers,
      routes: this.routes,
      subscriptions: this.subscriptions,
      onAsked: () => this.configs.granted(),
    });
    this.#telemetry = new TelemetrySubscriptions({
      clock: world.clock,
      subscriptions: this.subscriptions,
      readers: this.#readers,
      settings: this.link.settings,
    });
    this.#turns = new LinkTurns({
      clock: world.clock,
      live: this.live,
      history,
      pages,
      alerts: this.alerts,
      subscriptions: this.subscriptions,
      outbox: this.outbox,
      retained: [this.#policy, this.configs, this.descriptions],
      link: this.link,
    });
    pages.onWatch = () => this.#telemetry.watch(pages.onScreen());
    pages.onWatch();
    this.live.listensSince = (device) => this.#telemetry.listensSince(device);
    this.subscriptions.want([{ filter: policyTopic(request.username), qos: 1, carries: 'state' }]);
    restore(this.live, this.outbox, history.remembered, world.clock.now());
    this.configs.restore(this.outbox.commands.values());
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
    return new Home(request, history, pages, world, lead);
  }

  /** Ends the link and forgets the credential; what was received stays. */
  signOut(): void {
    this.#policy.clear();
    this.link.signOut();
  }

  publish(publish: Publish): void {
    // A convention asks again by itself when what it asked for does not come.
    this.link.session?.publish(publish).catch(() => {});
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

  /** The parts that cross to the page as a whole. */
  part(part: Part): unknown {
    return homePart(part, this, {
      link: () => pageLink(this.link, this.world, this.history.storage),
      truth: () => this.link.truth(),
      policy: this.#policy.document,
    });
  }

  readDocument = (topic: string, payload: Uint8Array): boolean =>
    this.#policy.read(topic, payload) || this.alerts.read(topic, payload);

  /** What the broker takes, by its own word and by the policy document. */
  readonly #limits = (session: Session): SizeLimits => ({
    packetBytes: session.maximumPacketSize,
    messageBytes: this.#policy.document?.messageBytes,
  });

  #end(): void {
    this.#cancelSweep();
    this.alerts.stop();
    this.pages.onWatch = () => {};
    this.#telemetry.stop();
    this.#policy.down();
    this.link.stop();
    this.outbox.stop();
    this.overheard.stop();
    this.configs.stop();
    this.descriptions.down();
  }

  #sweep(): void {
    const now = this.world.clock.now();
    this.live.sweep(now);
    this.alerts.sweep(now, this.link.isLive);
    if (this.link.isLive && !this.#turns.outage.lasts) this.history.heard(this.link.heardAt);
    this.#cancelSweep = this.world.clock.after(SWEEP_MS, () => this.#sweep());
  }
}
