import { isStateless } from '../../model/alert/judge.ts';
import type { StoredAlert } from '../../model/alert/alert.ts';
import type { WatchedRule } from '../../model/alert/rule-sets.ts';
import { BRIDGED_MS } from '../../model/alert/watch.ts';
import type { SlidingRange } from '../../model/alert/sliding-range.ts';
import type { Value } from '../../model/sample.ts';
import type { AlertBook } from './alert-book.ts';
import { ChannelWatch, DeviceWatch, type Watched } from '../live/alert-plan.ts';
import { AlertTimer } from './alert-timer.ts';
import type { Clock } from '../time/clock.ts';
import type { ChannelState, DeviceState } from '../live/device-state.ts';
import type { LiveState } from '../live/live-state.ts';
import { RuleIndex } from './rule-index.ts';
import { SteadyTime } from '../time/steady-time.ts';
import { keyOf, WatchedAlerts } from './watched-alerts.ts';

/**
 * The rules at work on what arrives. They are looked up when a device or a channel is new, never for a sample: a channel
 * without a rule costs a sample one comparison, one whose rules are not broken costs it three.
 */
export class AlertRules {
  readonly #clock: Clock;
  readonly #live: LiveState;
  #index = new RuleIndex([]);
  readonly #watched: WatchedAlerts;
  readonly #timer: AlertTimer;
  readonly #time: SteadyTime;
  /** Since when somebody listens without a break. */
  #listensSince = Infinity;

  constructor(clock: Clock, book: AlertBook, live: LiveState) {
    this.#clock = clock;
    this.#live = live;
    this.#time = new SteadyTime(clock);
    this.#timer = new AlertTimer(clock, (watched, now) => {
      this.#look(now);
      this.#tick(watched, now);
    });
    this.#watched = new WatchedAlerts(clock, book, this.#timer);
  }

  /**
   * Takes up what an earlier page left behind, before anything is heard.
   * @param heardUntil until when somebody listened, epoch ms
   */
  restore(stored: readonly StoredAlert[], heardUntil: number): void {
    this.#watched.restore(stored, heardUntil);
  }

  /** Watches by these rules from now on. What a rule that is gone or says something else had raised is over. */
  setRules(rules: readonly WatchedRule[]): void {
    this.#index = new RuleIndex(rules);
    for (const device of this.#live.devices.values()) this.takeUp(device);
    this.#watched.endStored((ruleKey) => this.#index.has(ruleKey));
  }

  /** A device is new, or is described anew: its rules are looked up. */
  takeUp(device: DeviceState): void {
    const rules = this.#index.ofDevice(device);
    const before = byKey(device.alerting);
    device.alerting = rules.length === 0 ? null : new DeviceWatch();
    for (const rule of rules) {
      const watched = this.#watched.watch(rule, device, undefined, before);
      if (rule.rule.on.when === 'offline') {
        device.alerting!.offline.push(watched);
        if (device.confirmed) this.#status(watched, device, this.#clock.now());
      } else {
        device.alerting!.silence.push(watched);
        if (watched.watch.isFiring) device.alerting!.silent++;
        else if (watched.watch.state.phase === 'ok') this.#beginSilence(watched, device.lastSeen);
      }
    }
    for (const watched of before?.values() ?? []) this.#watched.release(watched, true);
    for (const channel of device.channels.values()) this.takeUpChannel(channel);
    this.#timer.arm();
  }

  /** A channel is new, or its device is described anew. */
  takeUpChannel(channel: ChannelState): void {
    const plan = this.#index.planOf(channel);
    if (channel.alerting?.plan === plan) return;
    const before = byKey(channel.alerting);
    channel.alerting = plan && new ChannelWatch(plan, channel);
    plan?.rules.forEach((rule, i) => {
      const key = keyOf(rule, channel.device, channel);
      if (!isStateless(rule.rule.on) || before?.has(key) || this.#watched.isStored(key))
        channel.alerting!.fill(i, this.#watched.watch(rule, channel.device, channel, before, i));
    });
    for (const rule of plan?.silence ?? []) {
      const watched = this.#watched.watch(rule, channel.device, channel, before);
      channel.alerting!.silence.push(watched);
      if (watched.watch.isFiring) channel.alerting!.silent++;
      else if (watched.watch.state.phase === 'ok') this.#beginSilence(watched, channel.at);
    }
    for (const watched of before?.values() ?? []) this.#watched.release(watched, true);
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
      this.#watched.changed(watched, watched.watch.take(value, at, late), at);
    }
    if (mayBreak) {
      for (let i = 0; i < slots.length; i++) {
        if (slots[i] !== undefined || !plan.breaks(i, value, at, ranges)) continue;
        const begun = this.#watched.watch(
          plan.rules[i]!,
          channel.channel.device,
          channel.channel,
          undefined,
          i,
        );
        channel.fill(i, begun);
        this.#watched.changed(begun, begun.watch.take(value, at, late), at);
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
    if (this.#watched.lostAt === undefined) this.#watched.lose(at);
  }

  /** Somebody listens again. `missed`: something may have come that nobody heard. */
  regain(at: number, missed: boolean): void {
    const { lostAt } = this.#watched;
    if (lostAt === undefined) return;
    if (missed && at - lostAt > BRIDGED_MS) this.#eachRange((range) => range.clear());
    if (missed || this.#listensSince === Infinity) this.#listensSince = at;
    this.#watched.regain(at, missed);
    this.#timer.arm();
  }

  /** Once a second: what became silent, what was asleep, and what need not be remembered any longer. */
  sweep(now: number): void {
    this.#look(now);
    this.#watched.sweep(now);
  }

  /** A device that is gone needs nobody. */
  forget(device: DeviceState): void {
    for (const watched of [...(device.alerting?.all() ?? [])]) this.#watched.release(watched, true);
    for (const { alerting } of device.channels.values())
      for (const watched of [...(alerting?.all() ?? [])]) this.#watched.release(watched, true);
  }

  /** A person knows of the alert with this key. Answers whether it is one of these. */
  acknowledge(key: string, at: number, by: string): boolean {
    return this.#watched.acknowledge(key, at, by);
  }

  stop(): void {
    this.#timer.clear();
  }

  #heard(watched: Watched, at: number, late: boolean): void {
    const wasFiring = watched.watch.isFiring;
    const change = watched.watch.heard(at, late);
    if (wasFiring && !watched.watch.isFiring) this.#countSilent(watched, -1);
    this.#watched.changed(watched, change, at);
  }

  #status(watched: Watched, device: DeviceState, at: number): void {
    // Since when is known only where somebody listened all the time.
    const { statusSince = at } = device;
    const since = statusSince >= this.#listensSince ? statusSince : at;
    this.#watched.changed(watched, watched.watch.status(device.online, at, since), at);
  }

  #beginSilence(watched: Watched, lastAt: number | undefined): void {
    const now = this.#clock.now();
    const known = this.#watched.lostAt === undefined && lastAt !== undefined && !Number.isNaN(lastAt);
    watched.watch.heard(known ? Math.min(now, lastAt) : now);
    this.#timer.schedule(watched);
  }

  #countSilent({ channel, device }: Watched, by: 1 | -1): void {
    const place = channel ? channel.alerting : device.alerting;
    if (place) place.silent += by;
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
    if (change !== undefined || watch.due > now) this.#watched.changed(watched, change, now);
  }

  /** Finds out that the computer's clock was set, or that this worker stood still. */
  #look(now: number): void {
    const { jump, pausedSince } = this.#time.look(now) ?? {};
    if (jump !== undefined) {
      this.#eachRange((range) => range.shift(jump));
      this.#watched.shift(jump);
    }
    if (pausedSince === undefined || this.#watched.lostAt !== undefined) return;
    this.lose(pausedSince);
    this.regain(now, true);
  }

  #eachRange(run: (range: SlidingRange) => void): void {
    for (const device of this.#live.devices.values())
      for (const { alerting } of device.channels.values()) alerting?.ranges.forEach(run);
  }
}

function byKey(watch: ChannelWatch | DeviceWatch | null | undefined): Map<string, Watched> | undefined {
  return watch ? new Map([...watch.all()].map((watched) => [watched.key, watched])) : undefined;
}
