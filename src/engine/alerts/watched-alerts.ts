import type { StoredAlert } from '../../model/alert/alert.ts';
import { isStateless } from '../../model/alert/judge.ts';
import type { WatchedRule } from '../../model/alert/rule-sets.ts';
import { Watch, type Change, type WatchState } from '../../model/alert/watch.ts';
import type { AlertBook } from './alert-book.ts';
import { alertOf, endedByRule } from './alert-of.ts';
import type { Watched } from '../live/alert-plan.ts';
import type { AlertTimer } from './alert-timer.ts';
import type { Clock } from '../time/clock.ts';
import type { ChannelState, DeviceState } from '../live/device-state.ts';
import { samePlace } from './rule-place.ts';

/** What is watched apart from its rule, and what the alert book says of it. */
export class WatchedAlerts {
  readonly #clock: Clock;
  readonly #book: AlertBook;
  readonly #timer: AlertTimer;
  /** Everything: broken, lately broken, remembering, or waiting for silence. */
  readonly #watched = new Map<string, Watched>();
  readonly #firing = new Set<Watched>();
  /** Over, but how often they happened still counts. */
  readonly #cooling = new Set<Watched>();
  /** What an earlier page left behind and whose device or channel has not come up yet. */
  readonly #stored = new Map<string, StoredAlert>();
  /** Since when nobody listens, where nobody does. */
  #lostAt: number | undefined;

  constructor(clock: Clock, book: AlertBook, timer: AlertTimer) {
    this.#clock = clock;
    this.#book = book;
    this.#timer = timer;
  }

  /** Since when nobody listens, epoch ms; `undefined` while somebody does. */
  get lostAt(): number | undefined {
    return this.#lostAt;
  }

  /**
   * Takes up what an earlier page left behind, before anything is heard.
   * @param heardUntil until when somebody listened, epoch ms
   */
  restore(stored: readonly StoredAlert[], heardUntil: number): void {
    this.#lostAt = heardUntil;
    for (const one of stored) if (one.watch) this.#stored.set(one.key, one);
  }

  /** Whether an earlier page left this one behind. */
  isStored(key: string): boolean {
    return this.#stored.has(key);
  }

  /** What an earlier page left behind of rules that are gone is over. */
  endStored(isThere: (ruleKey: string) => boolean): void {
    for (const { key, watch } of this.#stored.values()) {
      if (!isThere(key.slice(0, key.indexOf('/')))) this.#end(key, watch !== undefined);
    }
  }

  /**
   * What watches a device or a channel by a rule: the one of `before`, which it is taken out of, the one that an earlier page left
   * behind, or a new one.
   */
  watch(
    { key: ruleKey, rule }: WatchedRule,
    device: DeviceState,
    channel: ChannelState | undefined,
    before: Map<string, Watched> | undefined,
    /** Its place in the channel's plan. */
    place = -1,
  ): Watched {
    const key = keyOf({ key: ruleKey }, device, channel);
    const known = before?.get(key);
    const alerting = channel?.alerting;
    const range = alerting && place >= 0 ? alerting.plan.rangeOf(place, alerting.ranges) : undefined;
    if (known && samePlace(known.watch.rule, rule)) {
      before!.delete(key);
      if (known.watch.rule !== rule || range) {
        known.watch = this.#at(new Watch(rule, known.watch.state, range));
        if (this.#book.get(key)) this.#note(known);
      }
      return known;
    }
    if (known) {
      before!.delete(key);
      this.release(known, true);
    }
    const stored = this.#stored.get(key);
    this.#stored.delete(key);
    const watch = this.#at(new Watch(rule, stored?.watch, range));
    const watched: Watched = { key, ruleKey, watch, device, channel, due: Infinity };
    this.#watched.set(key, watched);
    if (watch.isFiring) {
      this.#firing.add(watched);
      // Whether it goes on is not known before something is heard.
      this.#note(watched);
    } else if (!watch.isIdle(this.#clock.now())) this.#cooling.add(watched);
    return watched;
  }

  /** Watches no more. `ends`: what it had raised is over. */
  release(watched: Watched, ends: boolean): void {
    watched.due = Infinity;
    this.#watched.delete(watched.key);
    this.#firing.delete(watched);
    this.#cooling.delete(watched);
    watched.channel?.alerting?.empty(watched);
    if (ends) this.#end(watched.key, true);
    else this.#book.forget(watched.key);
  }

  /** Something has become of one, or it is due at another time. */
  changed(watched: Watched, change: Change | undefined, at: number): void {
    if (change !== undefined) {
      if (change === 'firing') this.#firing.add(watched);
      if (change === 'resolved') {
        this.#firing.delete(watched);
        this.#cooling.add(watched);
      }
      if (change === 'cleared') this.#cleared(watched, at);
      else this.#note(watched, change === 'resolved' ? at : undefined);
    }
    this.#timer.schedule(watched);
  }

  /** Nobody listens from `at` on. */
  lose(at: number): void {
    this.#lostAt = at;
    for (const watched of this.#watched.values()) this.changed(watched, watched.watch.lose(at), at);
  }

  /** Somebody listens again. `missed`: something may have come that nobody heard. */
  regain(at: number, missed: boolean): void {
    this.#lostAt = undefined;
    for (const watched of this.#watched.values()) this.changed(watched, watched.watch.regain(at, missed), at);
  }

  /** The computer's clock was set on by `ms`. */
  shift(ms: number): void {
    this.#timer.clear();
    for (const watched of this.#watched.values()) {
      watched.watch.shift(ms);
      watched.due = Infinity;
      this.#timer.schedule(watched);
    }
    this.#timer.arm();
  }

  /** What is no more known to go on, and what need not be remembered any longer. */
  sweep(now: number): void {
    for (const watched of this.#firing) {
      const { channel, watch } = watched;
      // Silence itself is known by nothing coming.
      if (channel && channel.source !== 'live' && watch.rule.on.when !== 'no-data')
        this.changed(watched, watch.unknown(), now);
    }
    for (const watched of this.#cooling) {
      if (!watched.watch.isIdle(now)) continue;
      this.#cooling.delete(watched);
      if (watched.channel && isStateless(watched.watch.rule.on)) this.release(watched, false);
      else this.#book.forget(watched.key);
    }
  }

  /** A person knows of the alert with this key. Answers whether it is one of these. */
  acknowledge(key: string, at: number, by: string): boolean {
    const watched = this.#watched.get(key);
    if (!watched) return false;
    if (watched.watch.acknowledge(at, by)) this.#note(watched);
    return true;
  }

  #at(watch: Watch): Watch {
    if (this.#lostAt !== undefined) watch.lose(this.#lostAt);
    return watch;
  }

  #end(key: string, isKept: boolean): void {
    this.#stored.delete(key);
    const alert = this.#book.get(key);
    if (alert?.state === 'pending') this.#book.drop(key);
    else if (alert) this.#book.note(key, endedByRule(alert, this.#clock.now()));
    else if (isKept) this.#book.forget(key);
  }

  #cleared(watched: Watched, at: number): void {
    const { watch, channel, key } = watched;
    const keeps = !watch.isIdle(at);
    this.#book.drop(key, keeps ? watch.state : undefined);
    if (!keeps && channel && isStateless(watch.rule.on)) this.release(watched, false);
  }

  #note(watched: Watched, resolvedAt?: number): void {
    const { key, watch } = watched;
    const alert = alertOf(watched, this.#book.get(key), resolvedAt);
    this.#book.note(key, alert, watch.state as WatchState);
  }
}

/** What tells one rule at one place from all others. */
export function keyOf(
  rule: { readonly key: string },
  device: DeviceState,
  channel: ChannelState | undefined,
): string {
  return `${rule.key}/${device.key}/${channel?.channel ?? ''}`;
}
