import type { Link, LinkPhase } from '../../engine-api/link.ts';
import type { BrokerProfile, Credential } from '../../model/broker.ts';
import type { Clock } from '../time/clock.ts';
import { LinkWatch } from './link-watch.ts';
import { reconnectDelay, STABLE_MS } from './reconnect.ts';
import { unansweredPingEnding, type Ending } from './refusal.ts';
import type { LoadMqtt } from './load-mqtt.ts';
import { openSession, type Session } from './session.ts';
import type { OpenSocket } from './socket.ts';
import type { Redeliveries } from './redeliveries.ts';
import { TakeoverSuspicion } from './takeover-suspicion.ts';
import type { TakeMessage, TakeTooLarge } from './tap.ts';
import { Traffic } from './traffic.ts';

/** Seconds. Under the 60 s at which proxies cut idle sockets, and short enough that a half-open link shows soon. */
export const KEEPALIVE_S = 15;
/**
 * A link without bytes for longer than this is not to be believed: a good one answers a ping each keepalive. It is well
 * before mqtt.js gives the socket up at 1.5 x keepalive, so that the doubt is seen before the loss.
 */
export const STALE_AFTER_MS = KEEPALIVE_S * 1_000 + 3_000;
/** Where nobody else has given the socket up by then. */
const DEAD_AFTER_MS = KEEPALIVE_S * 1_500 + 2_000;

export interface ConnectionOptions {
  readonly openSocket: OpenSocket;
  readonly loadMqtt: LoadMqtt;
  readonly clock: Clock;
  /** What was taken in on the session that may be resumed. */
  readonly redeliveries: Redeliveries;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onMessage: TakeMessage;
  readonly onTooLarge: TakeTooLarge;
  /** The broker answered: subscribe, flush the outbox. */
  readonly onLive: (session: Session) => void;
  /** A live session ended; `heardAt` is when bytes last came. `ending` says why, where it was not ended from here. */
  readonly onDown: (heardAt: number, ending?: Ending) => void;
  /** An attempt failed, or a link was lost. */
  readonly onEnding?: (ending: Ending) => void;
  readonly onLink: (link: ConnectionState) => void;
  /** Something was asked of the broker that it may deny by closing; false when not given. */
  readonly awaitsAnswer?: () => boolean;
}

/** The part of {@link Link} that the connection knows. */
export type ConnectionState = Omit<Link, 'tab' | 'lacks' | 'settings'>;

export interface ConnectRequest {
  readonly profile: BrokerProfile;
  readonly credential: Credential;
  readonly clientId: string;
  /**
   * Seconds for which the broker is to keep the session after a loss; 0 when there is to be none. MQTT 3.1.1 knows no end: there
   * it is kept where the profile says so.
   */
  readonly keep: number;
  /** The broker may still keep a session that is over. */
  readonly afresh?: boolean;
  /** The protocol that worked last time. */
  readonly protocol?: 4 | 5;
}

function isSameSession(before: ConnectRequest | undefined, now: ConnectRequest): boolean {
  if (before?.clientId !== now.clientId || before.keep !== now.keep) return false;
  const { username, password } = now.credential;
  return before.credential.username === username && before.credential.password === password;
}

/**
 * The one connection of a home: makes attempts until one is answered, keeps the link's state, and comes back by itself
 * after a loss. It stops only on a refusal that trying again cannot help, and on `end`.
 */
export class Connection {
  /** Over all its sockets. */
  readonly traffic = new Traffic();
  #options: ConnectionOptions;
  #request: ConnectRequest | undefined;
  /** The last one, also when it is over: whose session the broker may still keep. */
  #lastRequest: ConnectRequest | undefined;
  #session: Session | undefined;
  #state: ConnectionState;
  #failures = 0;
  #endpoint = 0;
  #liveSince = 0;
  /** Addresses that this page may not open. */
  readonly #unopenable = new Set<string>();
  /** The broker may still have a session that nobody wants. */
  #afresh = false;
  #heardAt = 0;
  #page: 'visible' | 'hidden' = 'visible';
  #cancelRetry: (() => void) | undefined;
  #watch: LinkWatch | undefined;
  readonly #suspicion = new TakeoverSuspicion();
  /** Raised by everything that makes an attempt under way obsolete. */
  #generation = 0;
  /** Gives up the attempt under way. */
  #abort = new AbortController();
  /** The protocol that worked, and why it is not the first choice. */
  #worked: { readonly protocol: 4 | 5; readonly reason?: string } | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#state = { phase: 'offline', cause: 'signed-out', since: options.clock.now(), attempts: 0 };
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The session, while there is one. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** When bytes last came from the broker, epoch ms; 0 before the first. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /**
   * Connects and goes on until `end`. Resolves when the first attempt has been answered one way or the other; every address
   * of the profile has its turn in it, so that a mistyped one is told from one that is down.
   */
  async connect(request: ConnectRequest): Promise<Ending | undefined> {
    // The session of the very same sign-in goes on: what the broker holds in it is still wanted.
    this.end(!isSameSession(this.#lastRequest, request));
    this.#request = this.#lastRequest = request;
    this.#unopenable.clear();
    if (request.afresh) this.#afresh = true;
    this.#worked = undefined;
    this.#failures = 0;
    this.#suspicion.clear();
    let ending = await this.#attempt();
    for (let i = 1; i < request.profile.urls.length && ending?.cause === 'unreachable'; i++) {
      this.#cancelRetry?.();
      ending = await this.#attempt();
    }
    return ending;
  }

  /**
   * Ends the link and forgets the credential.
   * @param forget the broker is to keep nothing for us: the sign-in ends or changes
   */
  end(forget = false): void {
    this.#generation++;
    this.#abort.abort();
    this.#cancelRetry?.();
    this.#watch?.stop();
    const session = this.#session;
    if (forget && this.#lastRequest && this.#lastRequest.keep > 0) this.#afresh = true;
    this.#session = undefined;
    this.#request = undefined;
    session?.end(forget);
    if (session) this.#options.onDown(this.#heardAt);
    this.#set({ phase: 'offline', cause: 'signed-out', attempts: 0 });
  }

  /**
   * The network or the page came back, or a person asked: does not wait for the next attempt. A link that there is gets
   * 3 s to prove itself.
   */
  retryNow(): void {
    if (this.#session) this.#watch?.doubt();
    if (!this.#request || this.#session || this.#state.phase === 'connecting') return;
    this.#cancelRetry?.();
    void this.#attempt();
  }

  /** Shows why another tab's link was ended for good. Nothing is tried until somebody asks for it. */
  refuse({ cause, reason }: Ending): void {
    this.end();
    this.#set({ phase: 'refused', cause, reason, attempts: 1 });
  }

  /** Hidden pages wait longer between attempts. */
  setPage(page: 'visible' | 'hidden'): void {
    const woke = this.#page === 'hidden' && page === 'visible';
    this.#page = page;
    if (woke) this.retryNow();
  }

  async #attempt(): Promise<Ending | undefined> {
    const request = this.#request;
    if (!request) return undefined;
    const generation = ++this.#generation;
    const { signal } = (this.#abort = new AbortController());
    const endpoint = this.#nextEndpoint(request.profile.urls);
    const begunAt = this.#options.clock.now();
    const tried = new Set<4 | 5>();
    let protocol = request.profile.protocol ?? this.#worked?.protocol ?? request.protocol ?? 5;
    let protocolReason = this.#worked?.reason;
    const { cause, reason } = this.#state;
    this.#set({
      phase: 'connecting',
      endpoint,
      attempts: this.#failures,
      ...(this.#failures && { cause, reason }),
    });

    for (;;) {
      tried.add(protocol);
      const result = await openSession({
        endpoint,
        protocol,
        subprotocol: request.profile.subprotocol,
        clientId: request.clientId,
        credential: request.credential,
        keep: protocol === 5 || request.profile.persistent ? request.keep : 0,
        afresh: this.#afresh,
        redeliveries: this.#options.redeliveries,
        traffic: this.traffic,
        keepalive: KEEPALIVE_S,
        openSocket: this.#options.openSocket,
        loadMqtt: this.#options.loadMqtt,
        signal,
        now: () => this.#options.clock.now(),
        onMessage: (topic, payload, meta, acknowledge) => {
          if (generation === this.#generation) this.#options.onMessage(topic, payload, meta, acknowledge);
        },
        onTooLarge: (topic, bytes, acknowledge) => {
          if (generation === this.#generation) this.#options.onTooLarge(topic, bytes, acknowledge);
        },
        onHeard: (at) => this.#heard(generation, at),
        onEnd: (ending) => this.#ended(generation, ending),
      });
      if (generation !== this.#generation) {
        if (result.ok) result.session.end();
        return undefined;
      }
      if (result.ok) {
        this.#worked = { protocol, reason: protocolReason };
        this.#suspicion.answered(begunAt, this.#options.clock.now());
        this.#live(result.session, protocolReason);
        return undefined;
      }
      const other = protocol === 5 ? 4 : 5;
      if (result.ending.cause === 'protocol' && request.profile.protocol === undefined && !tried.has(other)) {
        protocol = other;
        protocolReason = result.ending.reason;
        continue;
      }
      this.#suspicion.clear();
      const ending = this.#unlessAnotherOpens(result.ending, endpoint, request.profile.urls);
      this.#failed(ending);
      return ending;
    }
  }

  #nextEndpoint(urls: readonly string[]): string {
    for (let i = 1; i < urls.length && this.#unopenable.has(urls[this.#endpoint % urls.length]!); i++)
      this.#endpoint++;
    return urls[this.#endpoint % urls.length] ?? '';
  }

  /** One of several addresses that this page may not open is passed over: an https page has its wss:// one beside it. */
  #unlessAnotherOpens(ending: Ending, endpoint: string, urls: readonly string[]): Ending {
    if (!ending.unopened) return ending;
    this.#unopenable.add(endpoint);
    return urls.every((url) => this.#unopenable.has(url)) ? ending : { ...ending, retry: true };
  }

  #live(session: Session, protocolReason: string | undefined): void {
    const now = this.#options.clock.now();
    this.#session = session;
    this.#afresh = false;
    this.#liveSince = now;
    this.#heardAt = now;
    this.#set({
      phase: 'live',
      endpoint: session.endpoint,
      protocol: session.protocol,
      protocolReason,
      sessionPresent: session.sessionPresent,
      sessionKept: session.kept,
      keepalive: KEEPALIVE_S,
      heardAt: now,
      attempts: 0,
    });
    const generation = this.#generation;
    this.#watch = new LinkWatch({
      clock: this.#options.clock,
      silentAfter: STALE_AFTER_MS,
      deadAfter: DEAD_AFTER_MS,
      heardAt: () => this.#heardAt,
      ping: () => session.ping(),
      onSilent: () => {
        if (this.#state.phase === 'live') this.#setPhase('stale');
      },
      onDead: () => {
        session.drop();
        this.#ended(generation, unansweredPingEnding(session.endpoint));
      },
    });
    this.#options.onLive(session);
  }

  #heard(generation: number, at: number): void {
    if (generation !== this.#generation) return;
    this.#heardAt = at;
    this.#watch?.heard();
    if (this.#state.phase === 'stale') this.#setPhase('live');
  }

  #ended(generation: number, ending: Ending): void {
    if (generation !== this.#generation || !this.#session) return;
    const now = this.#options.clock.now();
    this.#watch?.stop();
    this.#session = undefined;
    const unexplained = ending.unexplained && !this.#options.awaitsAnswer?.();
    this.#options.onDown(this.#heardAt, ending);
    if (now - this.#liveSince >= STABLE_MS) this.#failures = 0;
    this.#failed((unexplained && this.#suspicion.closed(this.#liveSince, now)) || ending);
  }

  #failed(ending: Ending): void {
    const { cause, reason } = ending;
    this.#options.onEnding?.(ending);
    if (!ending.retry) {
      this.#request = undefined;
      this.#set({ phase: 'refused', cause, reason, attempts: this.#failures + 1 });
      return;
    }
    // Each address has its turn before anybody waits longer: one node of a cluster is gone, and not the others.
    const rounds = Math.floor(this.#failures / (this.#request?.profile.urls.length ?? 1));
    const delay = reconnectDelay(rounds, this.#options.random(), this.#page);
    this.#failures++;
    // The next address of the profile may be up when this one is down.
    this.#endpoint++;
    const retryAt = this.#options.clock.now() + delay;
    this.#set({ phase: 'offline', cause, reason, retryAt, attempts: this.#failures });
    this.#cancelRetry = this.#options.clock.after(delay, () => void this.#attempt());
  }

  #setPhase(phase: LinkPhase): void {
    this.#set({ ...this.#state, phase });
  }

  /** `since` says how long there has been no link, over all the attempts in between. */
  #set(state: Omit<ConnectionState, 'since'>): void {
    const down = (phase: LinkPhase) => phase === 'offline' || phase === 'connecting';
    const same = state.phase === this.#state.phase || (down(state.phase) && down(this.#state.phase));
    const since = same ? this.#state.since : this.#options.clock.now();
    this.#state = { ...state, since, heardAt: this.#heardAt || undefined };
    this.#options.onLink(this.#state);
  }
}
