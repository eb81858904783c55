import { isStateless } from '../model/alert/judge.ts';
import type { StoredAlert } from '../model/alert/alert.ts';
import type { WatchedRule } from '../model/alert/rule-sets.ts';
import { BRIDGED_MS, Watch, type Change, type WatchState } from '../model/alert/watch.ts';
import type { SlidingRange } from '../model/alert/sliding-range.ts';
import type { Value } from '../model/sample.ts';
import type { AlertBook } from './alert-book.ts';
import { ChannelWatch, DeviceWatch, type Watched } from './alert-plan.ts';
import { alertOf, endedByRule } from './alert-of.ts';
import { AlertTimer } from './alert-timer.ts';
import type { Clock } from './clock.ts';
import type { ChannelState, DeviceState } from './device-state.ts';
import type { LiveState } from './live-state.ts';
import { RuleIndex } from './rule-index.ts';
import { samePlace } from './rule-place.ts';
import { SteadyTime } from './steady-time.ts';

/**
 * The rules at work on what arrives. They are looked up when a device or a channel is new, never for a sample: a channel
 * without a rule costs a sample one comparison, one whose rules are not broken costs it three.
 */
export class AlertRules {
  readonly #clock: Clock;
  readonly #book: AlertBook;
  readonly #live: LiveState;
  #index = new RuleIndex([]);
  /** Everything that is watched apart from its rule: broken, lately broken, remembering, or waiting for silence. */
  readonly #watched = new Map<string, Watched>();
  readonly #firing = new Set<Watched>();
  /** Over, but how often they happened still counts. */
  readonly #cooling = new Set<Watched>();
  /** What an earlier page left behind and whose device or channel has not come up yet. */
  readonly #stored = new Map<string, StoredAlert>();
  readonly #timer: AlertTimer;
  readonly #time: SteadyTime;
  /** Since when nobody listens, where nobody does. */
  #lostAt: number | undefined;
  /** Since when somebody listens without a break. */
  #listensSince = Infinity;

  constructor(clock: Clock, book: AlertBook, live: LiveState) {
    this.#clock = clock;
    this.#book = book;
    this.#live = live;
    this.#time = new SteadyTime(clock);
    this.#timer = new AlertTimer(clock, (watched, now) => {
      this.#look(now);
      this.#tick(watched, now);
    });
  }

  /**
   * Takes up what an earlier page left behind, before anything is heard.
   * @param heardUntil until when somebody listened, epoch ms
   */
  restore(stored: readonly StoredAlert[], heardUntil: number): void {
    this.#lostAt = heardUntil;
    for (const one of stored) if (one.watch) this.#stored.set(one.key, one);
  }

  /** Watches by these rules from now on. What a rule that is gone or says something else had raised is over. */
  setRules(rules: readonly WatchedRule[]): void {
    this.#index = new RuleIndex(rules);
    for (const device of this.#live.devices.values()) this.takeUp(device);
    for (const { key, watch } of this.#stored.values()) {
      if (!this.#index.has(key.slice(0, key.indexOf('/')))) this.#end(key, watch !== undefined);
    }
  }

  /** A device is new, or is described anew: its rules are looked up. */
  takeUp(device: DeviceState): void {
    const rules = this.#index.ofDevice(device);
    const before = new Map([...(device.alerting?.all() ?? [])].map((watched) => [watched.key, watched]));
    device.alerting = rules.length === 0 ? null : new DeviceWatch();
    for (const rule of rules) {
      const watched = this.#watch(rule, device, undefined, before);
      if (rule.rule.on.when === 'offline') {
        device.alerting!.offline.push(watched);
        if (device.confirmed) this.#status(watched, device, this.#clock.now());
      } else {
        device.alerting!.silence.push(watched);
        if (watched.watch.isFiring) device.alerting!.silent++;
        else if (watched.watch.state.phase === 'ok') this.#beginSilence(watched, device.lastSeen);
      }
    }
    for (const watched of before.values()) this.#release(watched, true);
    for (const channel of device.channels.values()) this.takeUpChannel(channel);
    this.#timer.arm();
  }

  /** A channel is new, or its device is described anew. */
  takeUpChannel(channel: ChannelState): void {
    const plan = this.#index.planOf(channel);
    if (channel.alerting?.plan === plan) return;
    const before = new Map([...(channel.alerting?.all() ?? [])].map((watched) => [watched.key, watched]));
    channel.alerting = plan && new ChannelWatch(plan, channel);
    plan?.rules.forEach((rule, i) => {
      const key = keyOf(rule, channel.device, channel);
      if (!isStateless(rule.rule.on) || before.has(key) || this.#stored.has(key))
        channel.alerting!.fill(i, this.#watch(rule, channel.device, channel, before, i));
    });
    for (const rule of plan?.silence ?? []) {
      const watched = this.#watch(rule, channel.device, channel, before);
      channel.alerting!.silence.push(watched);
      if (watched.watch.isFiring) channel.alerting!.silent++;
      else if (watched.watch.state.phase === 'ok') this.#beginSilence(watched, channel.at);
    }
    for (const watched of before.values()) this.#release(watched, true);
    this.#timer.arm();
  }

  /**
   * A value of a channel with rules. `late`: it waited somewhere, and `at` is when it was sent; it is not older than what
   * the channel last said.
   */
  sampled(channel: ChannelWatch, value: Value, at: number, late: boolean): void {
    if (!late) this.#look(at);
    if (channel.silent > 0) for (const watched of channel.silence) this.#heard(watched, at, late);
    const mayBreak = channel.mayBreak(value, at);
    const { active, plan, slots, ranges } = channel;
    if (active.length === 0 && !mayBreak) return;
    for (let i = 0; i < active.length; i++) {
      const watched = active[i]!;
      this.#changed(watched, watched.watch.take(value, at, late), at);
    }
    if (mayBreak) {
      for (let i = 0; i < slots.length; i++) {
        if (slots[i] !== undefined || !plan.breaks(i, value, at, ranges)) continue;
        const begun = this.#watch(plan.rules[i]!, channel.channel.device, channel.channel, undefined, i);
        channel.fill(i, begun);
        this.#changed(begun, begun.watch.take(value, at, late), at);
      }
    }
    this.#timer.arm();
  }

  /** Something came from the device that is not a retained copy. */
  heard(device: DeviceState, at: number, late: boolean): void {
    if (!device.alerting || device.alerting.silent === 0) return;
    for (const watched of device.alerting.silence) this.#heard(watched, at, late);
    this.#timer.arm();
  }

  /** The device's status came. */
  status(device: DeviceState, at: number): void {
    for (const watched of device.alerting?.offline ?? []) this.#status(watched, device, at);
    this.#timer.arm();
  }

  /** Nobody listens from `at` on. */
  lose(at: number): void {
    if (this.#lostAt !== undefined) return;
    this.#lostAt = at;
    for (const watched of this.#watched.values()) this.#changed(watched, watched.watch.lose(at), at);
  }

  /** Somebody listens again. `missed`: something may have come that nobody heard. */
  regain(at: number, missed: boolean): void {
    if (this.#lostAt === undefined) return;
    if (missed && at - this.#lostAt > BRIDGED_MS) this.#eachRange((range) => range.clear());
    this.#lostAt = undefined;
    if (missed || this.#listensSince === Infinity) this.#listensSince = at;
    for (const watched of this.#watched.values())
      this.#changed(watched, watched.watch.regain(at, missed), at);
    this.#timer.arm();
  }

  /** Once a second: what became silent, what was asleep, and what need not be remembered any longer. */
  sweep(now: number): void {
    this.#look(now);
    for (const watched of this.#firing) {
      const { channel, watch } = watched;
      // Silence itself is known by nothing coming.
      if (channel && channel.source !== 'live' && watch.rule.on.when !== 'no-data')
        this.#changed(watched, watch.unknown(), now);
    }
    for (const watched of this.#cooling) {
      if (!watched.watch.isIdle(now)) continue;
      this.#cooling.delete(watched);
      if (watched.channel && isStateless(watched.watch.rule.on)) this.#release(watched, false);
      else this.#book.forget(watched.key);
    }
  }

  /** A device that is gone needs nobody. */
  forget(device: DeviceState): void {
    for (const watched of [...(device.alerting?.all() ?? [])]) this.#release(watched, true);
    for (const { alerting } of device.channels.values())
      for (const watched of [...(alerting?.all() ?? [])]) this.#release(watched, true);
  }

  /** A person knows of the alert with this key. Answers whether it is one of these. */
  acknowledge(key: string, at: number, by: string): boolean {
    const watched = this.#watched.get(key);
    if (!watched) return false;
    if (watched.watch.acknowledge(at, by)) this.#note(watched);
    return true;
  }

  stop(): void {
    this.#timer.clear();
  }

  #watch(
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
      this.#release(known, true);
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

  #at(watch: Watch): Watch {
    if (this.#lostAt !== undefined) watch.lose(this.#lostAt);
    return watch;
  }

  /** Watches no more. `ends`: what it had raised is over. */
  #release(watched: Watched, ends: boolean): void {
    watched.due = Infinity;
    this.#watched.delete(watched.key);
    this.#firing.delete(watched);
    this.#cooling.delete(watched);
    watched.channel?.alerting?.empty(watched);
    if (ends) this.#end(watched.key, true);
    else this.#book.forget(watched.key);
  }

  #end(key: string, isKept: boolean): void {
    this.#stored.delete(key);
    const alert = this.#book.get(key);
    if (alert?.state === 'pending') this.#book.drop(key);
    else if (alert) this.#book.note(key, endedByRule(alert, this.#clock.now()));
    else if (isKept) this.#book.forget(key);
  }

  #heard(watched: Watched, at: number, late: boolean): void {
    const wasFiring = watched.watch.isFiring;
    const change = watched.watch.heard(at, late);
    if (wasFiring && !watched.watch.isFiring) this.#countSilent(watched, -1);
    this.#changed(watched, change, at);
  }

  #status(watched: Watched, device: DeviceState, at: number): void {
    // Since when is known only where somebody listened all the time.
    const { statusSince = at } = device;
    const since = statusSince >= this.#listensSince ? statusSince : at;
    this.#changed(watched, watched.watch.status(device.online, at, since), at);
  }

  #beginSilence(watched: Watched, lastAt: number | undefined): void {
    const now = this.#clock.now();
    const known = this.#lostAt === undefined && lastAt !== undefined && !Number.isNaN(lastAt);
    watched.watch.heard(known ? Math.min(now, lastAt) : now);
    this.#timer.schedule(watched);
  }

  #countSilent({ channel, device }: Watched, by: 1 | -1): void {
    const place = channel ? channel.alerting : device.alerting;
    if (place) place.silent += by;
  }

  #changed(watched: Watched, change: Change | undefined, at: number): void {
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

  #cleared(watched: Watched, at: number): void {
    const { watch, channel, key } = watched;
    const keeps = !watch.isIdle(at);
    this.#book.drop(key, keeps ? watch.state : undefined);
    if (!keeps && channel && isStateless(watch.rule.on)) this.#release(watched, false);
  }

  #note(watched: Watched, resolvedAt?: number): void {
    const { key, watch } = watched;
    const alert = alertOf(watched, this.#book.get(key), resolvedAt);
    this.#book.note(key, alert, watch.state as WatchState);
  }

  #tick(watched: Watched, now: number): void {
    const { watch, channel, device } = watched;
    const isSilence = watch.rule.on.when === 'no-data';
    if (isSilence && !watch.isFiring) {
      // What came meanwhile is not told to every rule about silence, but looked up when it matters; and who is not
      // listened to is not silent.
      const heardAt = (channel ? channel.at : device.lastSeen) ?? NaN;
      const listenedSince = this.#live.listensSince(device.key) ?? now;
      for (const at of [heardAt, listenedSince]) if (at > watch.state.since) watch.heard(at, true);
    }
    const change = watch.tick(now, channel === undefined || channel.source === 'live');
    if (isSilence && change === 'firing') this.#countSilent(watched, 1);
    if (change !== undefined || watch.due > now) this.#changed(watched, change, now);
  }

  /** Finds out that the computer's clock was set, or that this worker stood still. */
  #look(now: number): void {
    const { jump, pausedSince } = this.#time.look(now) ?? {};
    if (jump !== undefined) {
      this.#timer.clear();
      this.#eachRange((range) => range.shift(jump));
      for (const watched of this.#watched.values()) {
        watched.watch.shift(jump);
        watched.due = Infinity;
        this.#timer.schedule(watched);
      }
      this.#timer.arm();
    }
    if (pausedSince === undefined || this.#lostAt !== undefined) return;
    this.lose(pausedSince);
    this.regain(now, true);
  }

  #eachRange(run: (range: SlidingRange) => void): void {
    for (const device of this.#live.devices.values())
      for (const { alerting } of device.channels.values()) alerting?.ranges.forEach(run);
  }
}

function keyOf(
  rule: { readonly key: string },
  device: DeviceState,
  channel: ChannelState | undefined,
): string {
  return `${rule.key}/${device.key}/${channel?.channel ?? ''}`;
}
