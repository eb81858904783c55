import type { RulesState, TryAnswer, TryRequest } from '../../engine-api/rules.ts';
import { stands, type Alert } from '../../model/alert/alert.ts';
import { parseRules, writeRules } from '../../model/alert/parse-rules.ts';
import { SHARED_RULES_TOPIC, watchedRules, type RuleSets } from '../../model/alert/rule-sets.ts';
import type { AlertRule } from '../../model/alert/rule.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { AlertBook } from './alert-book.ts';
import { AlertNotices } from './alert-notices.ts';
import { AlertRules } from './alert-rules.ts';
import { Alerts } from './alerts.ts';
import type { Clock } from '../time/clock.ts';
import type { Session } from '../connection/session.ts';
import { tooLarge, type SizeLimits } from '../connection/too-large.ts';
import type { DeviceState } from '../live/device-state.ts';
import { alertEvent } from '../history/happened.ts';
import type { History } from '../history/history.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Pages } from '../feed/pages.ts';
import { Paced } from '../time/paced.ts';
import { SiteRules, type SiteRulesOptions } from './site-rules.ts';
import { tryRule } from './try-rule.ts';

/** The list crosses as a whole, and the page orders its fleet by it: not with every frame when it changes with each. */
const TELL_MS = 60;

export interface HomeAlertsOptions {
  readonly clock: Clock;
  readonly live: LiveState;
  readonly history: History;
  readonly pages: Pages;
  readonly subscriptions: SiteRulesOptions['subscriptions'];
  readonly username: () => string;
  readonly session: () => Session | undefined;
  /** How large a message may be on this session, as far as anybody has said. */
  readonly limits: (session: Session) => SizeLimits;
}

/** Everything about alerts in one home: what is always watched for, a person's rules, the site's, and the one list. */
export class HomeAlerts {
  /** For what arrives. */
  readonly rules: AlertRules;
  readonly #options: HomeAlertsOptions;
  readonly #book: AlertBook;
  readonly #builtIn: Alerts;
  readonly #notices: AlertNotices;
  readonly #site: SiteRules;
  readonly #told: Paced;
  /** Before that, nobody here looked. */
  readonly #openedAt: number;
  #sets: RuleSets;

  constructor(options: HomeAlertsOptions) {
    const { clock, live, history, pages } = options;
    this.#options = options;
    this.#openedAt = clock.now();
    this.#notices = new AlertNotices(
      clock,
      (text, alert) => pages.notice(text, alert),
      (id) => this.#book.keyOf(id) !== undefined,
    );
    this.#told = new Paced(clock, TELL_MS, () => pages.part('alerts'));
    this.#book = new AlertBook({
      clock,
      onChange: () => this.#told.soon(),
      onNews: (alert) => this.#news(alert),
      save: (changes) => history.saveAlerts(changes),
    });
    this.#builtIn = new Alerts(this.#book, (device, now) => live.isQuiet(device, now));
    this.#site = new SiteRules({
      subscriptions: options.subscriptions,
      onChange: () => pages.part('rules'),
    });
    this.rules = new AlertRules(clock, this.#book, live);
    this.#sets = history.remembered.alertRules;
  }

  /** Takes up what an earlier page left behind. The devices that are remembered must be there. */
  restore(): void {
    const { alerts, heardUntil } = this.#options.history.remembered;
    this.#book.restore(alerts);
    this.rules.restore(alerts, heardUntil ?? this.#openedAt);
    this.rules.setRules(watchedRules(this.#sets));
  }

  list(): readonly Alert[] {
    return this.#book.list();
  }

  get state(): RulesState {
    return { ...this.#sets, ...this.#site.state };
  }

  check(device: DeviceState, now: number): void {
    this.#builtIn.check(device, now);
  }

  forget(device: DeviceState, now: number): void {
    this.#builtIn.forget(device, now);
    this.rules.forget(device);
  }

  /** Once a second. */
  sweep(now: number, isLive: boolean): void {
    if (isLive) for (const device of this.#options.live.devices.values()) this.check(device, now);
    this.rules.sweep(now);
    this.#book.sweep();
  }

  /** Answers when the rules are stored; from then on they are watched. Rejects with one sentence. */
  async setRules(own: readonly AlertRule[]): Promise<void> {
    await this.#setSets({ ...this.#sets, own: checked(own) });
  }

  /** Takes the site's rules up, as they were shown. */
  async adoptRules(revision: number): Promise<void> {
    await this.#setSets({ ...this.#sets, adopted: this.#site.shownAs(revision) });
  }

  /**
   * Puts a rule set on the broker for everybody; an empty one takes away what is there. Answers when the broker has it
   * taken, as far as it says so: that it is there shows when it comes back.
   */
  async publishRules(rules: readonly AlertRule[]): Promise<void> {
    const session = this.#options.session();
    if (!session) throw new Error('There is no link to the broker. Share the rules when there is one.');
    const text = rules.length === 0 ? '' : writeRules(checked(rules));
    const payload = new TextEncoder().encode(text);
    const publish = { topic: SHARED_RULES_TOPIC, payload, qos: 1, retain: true } as const;
    const large = tooLarge([publish], this.#options.limits(session));
    if (large !== undefined) throw new Error(large);
    const { reasonCode } = await session.publish(publish);
    if (reasonCode >= 0x80)
      throw new Error('The broker refused the rules: this sign-in may not write telltale/rules.');
  }

  /** A person knows of them. Throws one sentence when all of them are over. */
  acknowledge(ids: readonly string[]): void {
    const known = ids.filter((id) => this.#acknowledge(id));
    if (known.length === 0) throw new Error('That alert is over, so there is nothing to acknowledge.');
  }

  /** Runs a rule over what is stored, one step a call. Rejects with one sentence. */
  tryRule(request: TryRequest): Promise<TryAnswer> {
    const { live, history, clock } = this.#options;
    return tryRule(request, { devices: live.devices.values(), history, clock });
  }

  policy(document: PolicyDocument | null): void {
    this.#site.policy(document);
  }

  /** Reads the site's rules; answers whether the topic was theirs. */
  read(topic: string, payload: Uint8Array): boolean {
    return this.#site.read(topic, payload);
  }

  stop(): void {
    this.rules.stop();
    this.#notices.stop();
    this.#told.stop();
    this.#book.stop();
  }

  /** Resolves when everything is written, or could not be. */
  settled(): Promise<void> {
    return this.#book.settled();
  }

  /** Takes over the rules of a home whose history was forgotten: they are no history. */
  async takeOver({ own, adopted }: RuleSets): Promise<void> {
    if (own.length + adopted.length > 0) await this.#setSets({ own, adopted });
  }

  async #setSets(sets: RuleSets): Promise<void> {
    await this.#options.history.saveAlertRules(sets);
    this.#sets = sets;
    this.rules.setRules(watchedRules(sets));
    this.#options.pages.part('rules');
  }

  #acknowledge(id: string): boolean {
    const key = this.#book.keyOf(id);
    const alert = key === undefined ? undefined : this.#book.get(key);
    if (key === undefined || !alert || !stands(alert)) return false;
    const [now, by] = [this.#options.clock.now(), this.#options.username()];
    if (!this.rules.acknowledge(key, now, by)) this.#builtIn.acknowledge(key, now, by);
    return true;
  }

  #news(alert: Alert): void {
    const { clock, history } = this.#options;
    // What was so before anybody looked is in the list; news is what began while somebody listened.
    const seen = alert.since !== undefined && (alert.kind === 'rule' || alert.since >= this.#openedAt);
    if (alert.state === 'firing' && alert.since !== undefined) this.#notices.begun(alert);
    const isNews = alert.state === 'firing' ? seen : alert.since !== undefined;
    const event = isNews && alertEvent(alert, alert.resolvedAt ?? clock.now());
    if (event) history.event(event);
  }
}

/** What crosses from a page is checked as anything that is imported. */
function checked(rules: readonly AlertRule[]): readonly AlertRule[] {
  const reading = parseRules(writeRules(rules));
  if (!reading.ok) throw new Error(reading.faults[0] ?? 'The rules cannot be used.');
  return reading.rules;
}
