import type { Link } from '../engine-api/link.ts';
import type { BrokerProfile, Credential } from '../model/broker.ts';
import type { Diagnosis } from '../model/doctor/findings.ts';
import { DEFAULT_LINK_SETTINGS, type LinkSettings } from '../model/link-settings.ts';
import type { EngineClient } from './engine.svelte.ts';
import { chosenBroker } from './parse-config.ts';
import type { LinkMemory } from './link-memory.ts';
import type { HomeMemory, RememberedHome } from './remembered-home.ts';
import { errorText } from './words/error-text.ts';

/** Whose fleet the page shows. */
export interface SessionHome {
  readonly profile: BrokerProfile;
  readonly username: string;
  /** It has been signed in to from this browser: there may be something to show. */
  readonly known: boolean;
}

/** What the sign-in form hands over. */
export interface SignInWish extends Credential {
  /** A name out of the config, or an address. */
  readonly broker: string;
  /** Keep the credential in this tab's own storage, so that a reload stays signed in. */
  readonly stay: boolean;
}

/** Signing in and out, and what is shown while nobody is signed in. */
export class Session {
  #engine: EngineClient;
  #memory: HomeMemory;
  #links: LinkMemory;
  #base: string;
  #page: string;
  /** Answers that belong to an earlier attempt are ignored. */
  #attempt = 0;
  /** The broker that was to be opened last. */
  #wanted: string | undefined;
  #leaving = false;
  #wished: { readonly broker: string; readonly username: string } | undefined;
  readonly offered: readonly BrokerProfile[];

  home = $state.raw<SessionHome>();
  phase = $state<'out' | 'signing-in' | 'in'>('out');
  /** A person waits for the answer, in front of the form. */
  byHand = $state(false);
  /** Why the last attempt failed, in one sentence. */
  problem = $state<string>();

  constructor(
    engine: EngineClient,
    memory: HomeMemory,
    links: LinkMemory,
    offered: readonly BrokerProfile[],
    page: URL,
  ) {
    this.#engine = engine;
    this.#links = links;
    this.#memory = memory;
    this.#base = page.pathname;
    this.#page = page.href;
    this.offered = offered;
  }

  /**
   * Opens what this browser remembers of `broker` (when not given: of the one that this tab was at, else of the last
   * one), signed in where the tab may.
   */
  async resume(broker: string | undefined): Promise<void> {
    this.#wanted = broker;
    const last = this.#memory.latest(broker);
    const known = last === undefined ? undefined : this.#profileOf(last);
    if (last === undefined || known === undefined) return;
    this.#memory.keepTabHome(last);
    const profile = this.#withLink(known);
    const credential = this.#memory.credential(profile.name);
    if (credential?.username === last.username) {
      await this.#connect(profile, credential);
      return;
    }
    this.home = { profile, username: last.username, known: true };
    try {
      await this.#engine.call('open', { base: this.#base, profile, username: last.username });
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  /** Signs in; afterwards `phase` is `in`, or `problem` says why not. */
  async signIn(wish: SignInWish): Promise<void> {
    this.problem = undefined;
    this.#wished = { broker: wish.broker, username: wish.username };
    this.byHand = true;
    try {
      const chosen = chosenBroker(wish.broker, this.offered, this.#page);
      const profile = this.#withLink(chosen);
      if (wish.username === '') throw new Error('Type the username that the broker knows you by.');
      const credential = { username: wish.username, password: wish.password };
      const signedIn = await this.#connect(profile, credential);
      if (!signedIn) return;
      this.#memory.remember(profile, wish.username, this.offered.includes(chosen));
      if (wish.stay) this.#memory.keepCredential(profile.name, credential);
    } catch (error) {
      this.problem = errorText(error);
    } finally {
      this.byHand = false;
    }
  }

  /** Follows what another tab of this browser did: the sign-in is one for all of them. */
  follow(link: Link): void {
    if (this.home && link.settings && JSON.stringify(link.settings) !== JSON.stringify(this.link))
      this.home = { ...this.home, profile: { ...this.home.profile, link: link.settings } };
    if (this.phase === 'in' && link.cause === 'signed-out') this.phase = 'out';
    else if (this.phase === 'out' && this.home !== undefined && link.phase === 'live') {
      this.phase = 'in';
      this.problem = undefined;
    }
  }

  /**
   * Finds out why a broker does not let this page in: the one that was typed, or the one that is open. Rejects with one
   * sentence when there is none.
   */
  async findOutWhy(link: Link, typed?: SignInWish): Promise<readonly Diagnosis[]> {
    const profile = typed ? chosenBroker(typed.broker, this.offered, this.#page) : this.home?.profile;
    if (profile === undefined) throw new Error('No broker is open. Sign in first.');
    const username = typed?.username ?? this.home?.username;
    const isOpen = this.home?.profile.name === profile.name && this.home.username === username;
    return this.#engine.call('diagnose', {
      profile: { ...profile },
      ...(username !== undefined && username !== '' && { username }),
      // A broker that lets anybody in is asked with an empty password as well: it was typed so.
      ...(typed &&
        typed.username !== '' && { credential: { username: typed.username, password: typed.password } }),
      page: location.origin,
      workedBefore: this.#memory
        .homes()
        .some((home) => home.broker === profile.name && home.username === username),
      takenOver: isOpen && link.cause === 'taken-over',
    });
  }

  async signOut(): Promise<void> {
    this.#attempt += 1;
    this.#memory.dropCredential();
    this.phase = 'out';
    this.problem = undefined;
    try {
      await this.#engine.call('signOut');
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  /** Leaves this broker, in this tab alone, for the sign-in form. */
  async leave(): Promise<void> {
    this.#wished = { broker: '', username: '' };
    this.#wanted = undefined;
    await this.#leave();
  }

  /**
   * Leaves this broker, in this tab alone, for another: what is remembered of it, or the sign-in form. Of several that are asked
   * for while the one before is being left, the last one counts.
   */
  async switchTo(broker: string): Promise<void> {
    if (broker === (this.home?.profile.name ?? this.#wanted)) return;
    this.#wanted = broker;
    if (this.#leaving) return;
    this.#wished = undefined;
    this.#leaving = true;
    await this.#leave();
    this.#leaving = false;
    await this.resume(this.#wanted);
  }

  /** How the link to this broker is used. */
  get link(): LinkSettings {
    return this.home?.profile.link ?? DEFAULT_LINK_SETTINGS;
  }

  /** Uses the link to this broker in another way, now and from now on. Rejects with one sentence. */
  async changeLink(change: Partial<LinkSettings>): Promise<void> {
    if (this.home === undefined) return;
    const { profile } = this.home;
    const link = { ...this.link, ...change };
    this.#links.choose(profile.name, link);
    this.home = { ...this.home, profile: { ...profile, link } };
    await this.#engine.call('changeLink', change);
  }

  /** The broker and username that a sign-in form starts with. */
  suggestion(broker: string | undefined): { readonly broker: string; readonly username: string } {
    if (this.#wished !== undefined) return this.#wished;
    const home = this.#memory.latest(broker);
    const first = this.offered.length === 1 ? this.offered[0]?.name : undefined;
    return { broker: broker ?? home?.broker ?? first ?? '', username: home?.username ?? '' };
  }

  async #leave(): Promise<void> {
    this.#attempt += 1;
    this.#memory.dropCredential();
    this.#memory.dropTabHome();
    this.phase = 'out';
    this.problem = undefined;
    this.home = undefined;
    try {
      await this.#engine.call('leave');
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  async #connect(profile: BrokerProfile, credential: Credential): Promise<boolean> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const { username } = credential;
    this.phase = 'signing-in';
    const known = this.#memory
      .homes()
      .some((home) => home.broker === profile.name && home.username === username);
    this.home = { profile, username, known };
    try {
      await this.#engine.call('signIn', { base: this.#base, profile, username, credential });
      if (attempt !== this.#attempt) return false;
      this.phase = 'in';
      this.home = { profile, username, known: true };
      return true;
    } catch (error) {
      if (attempt !== this.#attempt) return false;
      this.phase = 'out';
      this.problem = errorText(error);
      this.#memory.dropCredential();
      return false;
    }
  }

  #withLink(profile: BrokerProfile): BrokerProfile {
    return { ...profile, link: this.#links.of(profile) };
  }

  #profileOf(home: RememberedHome): BrokerProfile | undefined {
    const known = this.offered.find(({ name }) => name === home.broker);
    if (known !== undefined || home.url === undefined) return known;
    return chosenBroker(home.url, this.offered, this.#page);
  }
}
