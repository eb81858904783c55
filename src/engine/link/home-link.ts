import type { LinkChange } from '../../engine-api/calls.ts';
import type { LinkReport } from '../../engine-api/link-report.ts';
import type { BrokerProfile, Credential } from '../../model/broker.ts';
import { brokerTruth, keepsQos0, type BrokerTruth } from '../../model/broker-truth.ts';
import { DEFAULT_LINK_SETTINGS, queuesWhileAway, type LinkSettings } from '../../model/link-settings.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { Connection, type ConnectionState } from '../connection/connection.ts';
import { Redeliveries } from '../connection/redeliveries.ts';
import type { Ending } from '../connection/refusal.ts';
import type { Session } from '../connection/session.ts';
import type { ReceivedMeta } from '../connection/tap.ts';
import type { History } from '../history/history.ts';
import { newClientId } from '../history/new-client-id.ts';
import type { LinkJournal } from './link-journal.ts';
import type { World } from '../world/world.ts';

/** Seconds. Long enough for a phone in a pocket, short enough that what the broker keeps stays small. */
const KEPT_WITH_QUEUE_S = 3_600;
/**
 * Seconds, without telemetry: what devices answer while no tab is connected is not lost. Longer than the deadline of most
 * commands, and than a phone is put away between two looks; a page that does not come back costs the broker next to nothing.
 */
const KEPT_S = 300;

/** Why a sign-in came to nothing that the broker had no part in. */
export const SIGNED_OUT = 'Signed out before the broker answered.';

export interface HomeLinkOptions {
  readonly profile: BrokerProfile;
  readonly history: History;
  readonly world: World;
  readonly journal: LinkJournal;
  readonly onMessage: (topic: string, payload: Uint8Array, meta: ReceivedMeta) => void;
  /** A message of so many bytes was passed over. */
  readonly onTooLarge: (topic: string, bytes: number) => void;
  readonly onLive: (session: Session) => void;
  readonly onDown: (heardAt: number, ending: Ending | undefined) => void;
  readonly onState: (state: ConnectionState) => void;
  /** Somebody connects where there is no link. */
  readonly onSignIn: () => void;
  readonly onSettings: (settings: LinkSettings) => void;
  readonly awaitsAnswer: () => boolean;
  /** The link was ended for good; or, without an ending, there is one again. */
  readonly onRefusal: (refusal?: Ending) => void;
}

/**
 * The link of a home: with what it is opened, when it is opened anew, and that what came over it is acknowledged when it is
 * durable.
 */
export class HomeLink {
  readonly #options: HomeLinkOptions;
  readonly #connection: Connection;
  readonly #acknowledgements: Acknowledgements;
  #profile: BrokerProfile;
  #settings: LinkSettings;
  #clientId: string;
  #credential: Credential | undefined;
  /** Somebody signed out without a link: the broker may still keep the session that is over. */
  #afresh: boolean;
  #stopped = false;

  constructor(options: HomeLinkOptions) {
    const { profile, history, world, journal, onDown, onState, awaitsAnswer } = options;
    this.#options = options;
    this.#profile = profile;
    this.#settings = profile.link ?? DEFAULT_LINK_SETTINGS;
    this.#clientId = history.remembered.clientId;
    this.#afresh = history.remembered.afresh ?? false;
    this.#acknowledgements = new Acknowledgements(world.clock, () => history.flush());
    const redeliveries = new Redeliveries(history.remembered.taken);
    history.withTaken(() => redeliveries.news());
    this.#connection = new Connection({
      redeliveries,
      openSocket: world.openSocket,
      loadMqtt: world.loadMqtt,
      clock: world.clock,
      random: () => (world.random(1)[0] ?? 0) / 256,
      onMessage: (topic, payload, meta, acknowledge) => {
        options.onMessage(topic, payload, meta);
        if (acknowledge) this.#acknowledgements.take(acknowledge, !meta.retain);
      },
      onTooLarge: (topic, bytes, acknowledge) => {
        options.onTooLarge(topic, bytes);
        if (acknowledge) this.#acknowledgements.take(acknowledge, false);
      },
      onLive: (session) => {
        this.#begunAfresh();
        options.onRefusal();
        options.onLive(session);
      },
      onDown,
      onEnding: (ending) => {
        journal.ended(ending);
        if (!ending.retry) options.onRefusal(ending);
      },
      onLink: onState,
      awaitsAnswer,
    });
  }

  get settings(): LinkSettings {
    return this.#settings;
  }

  /** What the link was opened with, while it is wanted. */
  get credential(): Credential | undefined {
    return this.#credential;
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get session(): Session | undefined {
    return this.#connection.session;
  }

  /** The session, while the broker is believed to be there. */
  get liveSession(): Session | undefined {
    return this.isLive ? this.session : undefined;
  }

  /** Epoch ms; when bytes last came. */
  get heardAt(): number {
    return this.#connection.heardAt;
  }

  /** The broker has answered and is believed to be there. */
  get isLive(): boolean {
    return this.state.phase === 'live';
  }

  /** What the answers of the broker are worth; before it answered, of what speaks MQTT 3.1.1. */
  truth(protocol: 4 | 5 = this.session?.protocol ?? 4): BrokerTruth {
    return brokerTruth(this.#profile.kind, protocol);
  }

  /**
   * Connects, and stays connected. Rejects with one sentence when the broker refused, or when an address that never
   * answered before does not answer now: a mistyped one would be tried for ever.
   */
  async connect(credential: Credential): Promise<void> {
    if (!this.session) this.#options.onSignIn();
    const ending = await this.reconnect(credential);
    // Another tab goes on with it where this one has lost the lead.
    if (this.#stopped) return;
    if (this.#credential !== credential) throw new Error(SIGNED_OUT);
    if (!ending) return;
    if (ending.retry && this.#options.history.remembered.heardUntil !== undefined) return;
    this.#credential = undefined;
    if (ending.retry) this.#connection.end();
    throw new Error(ending.reason);
  }

  /** Connects, and tries for ever to. Answers why the first attempt failed, where it did. */
  reconnect(credential: Credential): Promise<Ending | undefined> {
    this.#credential = credential;
    const { protocol } = this.#options.history.remembered;
    return this.#connection.connect({
      profile: this.#profile,
      credential,
      clientId: this.#clientId,
      keep: this.#keep,
      afresh: this.#afresh,
      protocol,
    });
  }

  /** Shows why the tab that led before was refused for good. The credential is kept for when somebody tries again. */
  showRefusal(refusal: Ending, credential: Credential): void {
    this.#credential = credential;
    this.#connection.refuse(refusal);
  }

  /** By hand also after it stopped because of another client with its id: a person may have closed that one. */
  retryNow(byHand = false): void {
    const { phase, cause } = this.state;
    if (phase !== 'refused') this.#connection.retryNow();
    else if (byHand && cause === 'taken-over' && this.#credential) void this.reconnect(this.#credential);
  }

  /** Takes other settings up; connects anew where they are said to the broker when connecting. */
  change({ newClientId: fresh, ...settings }: LinkChange): void {
    const { world, history, onSettings } = this.#options;
    const keep = this.#keep;
    this.#settings = { ...this.#settings, ...settings };
    this.#profile = { ...this.#profile, link: this.#settings };
    onSettings(this.#settings);
    if (fresh) {
      this.#clientId = newClientId(world.random);
      void history.rememberClientId(this.#clientId);
    }
    const anew = fresh || keep !== this.#keep;
    if (anew && this.#credential) void this.reconnect(this.#credential);
  }

  setPage(page: 'visible' | 'hidden'): void {
    this.#connection.setPage(page);
  }

  /** Ends the link and forgets the credential. */
  signOut(): void {
    this.#credential = undefined;
    if (this.#keep > 0 && !this.session) {
      this.#afresh = true;
      void this.#options.history.rememberAfresh(true);
    }
    this.#connection.end(true);
  }

  /** Ends the link for good, and forgets the credential. */
  stop(): void {
    this.#acknowledgements.stop();
    this.#credential = undefined;
    this.#stopped = true;
    this.#connection.end();
  }

  /** The broker was to keep what comes while nobody is here, and this page could not come back for it. */
  get lacksQueue(): boolean {
    return queuesWhileAway(this.#settings) && !this.#comesBack;
  }

  /** A page without a lasting client id would leave another session behind each time. */
  get #comesBack(): boolean {
    const { world, history } = this.#options;
    return world.peers.shared.possible && history.storage.mode === 'disk';
  }

  /** The broker keeps telemetry for this page while nobody here is connected, where it keeps the session. */
  get queues(): boolean {
    return queuesWhileAway(this.#settings) && this.#comesBack;
  }

  /** Seconds for which the broker is to keep the session. */
  get #keep(): number {
    if (this.queues) return KEPT_WITH_QUEUE_S;
    return this.#comesBack && !keepsQos0(this.#profile.kind) ? KEPT_S : 0;
  }

  #begunAfresh(): void {
    if (!this.#afresh) return;
    this.#afresh = false;
    void this.#options.history.rememberAfresh(false);
  }

  /** What goes over the link, and what went wrong with it. */
  report(): LinkReport {
    return this.#options.journal.report(this.#connection.traffic, this.heardAt);
  }
}
