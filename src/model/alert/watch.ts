import type { Online } from '../device.ts';
import type { Value } from '../sample.ts';
import { judgeOf, type Judge } from './judge.ts';
import type { AlertRule } from './rule.ts';
import type { SlidingRange } from './sliding-range.ts';

/** A gap shorter than this is no different from the silence between two readings: what held before and after it held. */
export const BRIDGED_MS = 10_000;
/** One that begins so often within so long goes on and off: it is over only when it has been quiet for a while. */
const FLAPS = 4;
const FLAP_WINDOW_MS = 10 * 60_000;
export const FLAP_QUIET_MS = 5 * 60_000;

export type Phase = 'ok' | 'pending' | 'firing';

/**
 * What became of a rule: `cleared` is a pending one that did not last; `unknown` and `known` say whether what fires is
 * known to go on.
 */
export type Change = 'pending' | 'firing' | 'resolved' | 'cleared' | 'unknown' | 'known';

/** Everything that has to outlive the page. Plain data; times are epoch ms, NaN where there is none. */
export interface WatchState {
  phase: Phase;
  /** Since when it holds, as far as anybody knows. */
  since: number;
  /** When the alert began. */
  beganAt: number;
  /** Since when it has been well again, while it still has to prove that. */
  okSince: number;
  /** Whether the last thing that is known is from after the last gap. */
  known: boolean;
  /** When the last alerts of this began, to tell what goes on and off. */
  starts: readonly number[];
  flapping: boolean;
  /** Time of the last thing that was taken into account. */
  lastAt: number;
  /** The value that broke the rule. */
  value?: Value;
  acknowledged?: { readonly at: number; readonly by: string };
}

/**
 * One rule on one device, and on one of its channels where it is about one: ok, pending, firing, acknowledged, and ok
 * again ("resolved"). Time comes in with every call (epoch ms). Each call answers what became of it.
 *
 * Not known is never well: while nobody listens, and while a device is silent, nothing begins and nothing ends. What was
 * pending before a gap begins anew after it, since nobody knows that it held. What fired before it is still the same alert
 * until something says that it is over. Nothing that is older than what was taken into account counts any more.
 */
export class Watch {
  readonly #judge: Judge | undefined;
  readonly #forMs: number;
  readonly #holdMs: number;
  state: WatchState;
  /** Since when nobody listens; NaN while somebody does. */
  #lostAt = NaN;
  /** Since when there is silence again after a gap, for an alert about silence. */
  #silentSince = NaN;

  constructor(
    readonly rule: AlertRule,
    stored?: WatchState,
    range?: SlidingRange,
  ) {
    const { on } = rule;
    this.#judge = judgeOf(on, range);
    const timed = on.when === 'no-data' || on.when === 'offline';
    this.#forMs = 1000 * (timed ? on.seconds : on.when === 'changes' ? 0 : rule.for);
    this.#holdMs = on.when === 'changes' ? 1000 * on.settle : 0;
    this.state = stored ? { ...stored } : fresh();
  }

  /** Whether nothing is lost by forgetting this watch at `now`. */
  isIdle(now: number): boolean {
    const { phase, starts } = this.state;
    return phase === 'ok' && !starts.some((at) => now - at < FLAP_WINDOW_MS);
  }

  get isFiring(): boolean {
    return this.state.phase === 'firing';
  }

  /** When {@link tick} has something to do, if nothing else happens before; Infinity for never. */
  get due(): number {
    const { phase, since, okSince } = this.state;
    if (!Number.isNaN(this.#lostAt)) return Infinity;
    if (phase === 'pending') return since + this.#forMs;
    if (phase === 'firing' && this.rule.on.when === 'no-data')
      return this.state.known ? Infinity : this.#silentSince + this.#forMs;
    return phase === 'firing' && !Number.isNaN(okSince) ? okSince + this.#hold : Infinity;
  }

  /** A value of the channel. `late`: it waited somewhere, and `at` is when it was sent. */
  take(value: Value, at: number, late = false): Change | undefined {
    if (!this.#inOrder(at, late)) return undefined;
    const verdict = this.#judge?.of(value, at, this.isFiring);
    if (verdict === true) return this.#breach(at, value);
    if (verdict === false) return this.#clear(at);
    // It says nothing about the rule, or it is the same as before: what ends by time may be over.
    return this.#isQuietAt(at) ? this.#resolve() : undefined;
  }

  /** Something came: for a rule about silence, which begins anew. */
  heard(at: number, late = false): Change | undefined {
    if (this.rule.on.when !== 'no-data' || !this.#inOrder(at, late)) return undefined;
    // What was on its way says nothing about the time since somebody listens again.
    const begun = this.state.phase === 'pending' ? this.state.since : this.#silentSince;
    const change = this.isFiring ? this.#resolve() : undefined;
    this.#pend(begun > at ? begun : at);
    return change;
  }

  /** What the device's status says, for a rule about that. `since` is when it became so, where that is known. */
  status(online: Online, at: number, since = at): Change | undefined {
    if (this.rule.on.when !== 'offline' || !this.#inOrder(at, false)) return undefined;
    if (online === 'online') return this.#clear(at);
    if (online === 'unknown') {
      // Nobody says any more how it is.
      if (this.state.phase !== 'pending') return this.unknown();
      this.#rest();
      return 'cleared';
    }
    if (this.state.phase === 'ok') {
      this.#pend(Math.min(at, since));
      return this.#forMs === 0 || at - this.state.since >= this.#forMs ? this.#fire(at) : 'pending';
    }
    return this.#breach(at);
  }

  /** Time has passed. `fresh`: the device is not silent for longer than it usually is. */
  tick(now: number, fresh: boolean): Change | undefined {
    if (!Number.isNaN(this.#lostAt) || now < this.due) return undefined;
    const { when } = this.rule.on;
    if (when === 'no-data' || when === 'offline' || when === 'changes' || fresh) {
      if (this.state.phase === 'pending') return this.#fire(now);
      if (when !== 'no-data') return this.#resolve();
      // After a gap it has been silent for as long again.
      this.state.known = true;
      return 'known';
    }
    return undefined;
  }

  /** Nobody listens from now on. */
  lose(at: number): Change | undefined {
    if (Number.isNaN(this.#lostAt)) this.#lostAt = at;
    return this.unknown();
  }

  /**
   * Somebody listens again.
   * @param missed whether something may have come that nobody heard
   */
  regain(at: number, missed: boolean): Change | undefined {
    const gap = at - this.#lostAt;
    this.#lostAt = NaN;
    const { state } = this;
    if (this.rule.on.when === 'no-data') {
      // Whether it was silent meanwhile is not known, however short that was: what was sent may be on its way.
      this.#silentSince = at;
      if (state.phase === 'pending') this.#pend(at);
      return undefined;
    }
    if (!missed || gap <= BRIDGED_MS) return undefined;
    this.#judge?.forget();
    // It was quiet before and is now; in between, nobody knows.
    if (!Number.isNaN(state.okSince)) state.okSince = this.#holdMs > 0 ? at : NaN;
    if (state.phase !== 'pending') return undefined;
    this.#rest();
    return 'cleared';
  }

  /** The device is silent, or what is known is from before a gap: what fires may be over. */
  unknown(): Change | undefined {
    const changed = this.isFiring && this.state.known;
    this.state.known = false;
    return changed ? 'unknown' : undefined;
  }

  /** A person knows of it. Answers whether there was something to know of. */
  acknowledge(at: number, by: string): boolean {
    if (!this.isFiring || this.state.acknowledged) return false;
    this.state.acknowledged = { at, by };
    return true;
  }

  /** The computer's clock was set by `ms`: how long something has lasted stays as it was. */
  shift(ms: number): void {
    const { state } = this;
    state.lastAt += ms;
    state.okSince += ms;
    // When an alert began has been said; what is pending has only a length.
    if (state.phase === 'pending') state.since += ms;
    state.starts = state.starts.map((at) => at + ms);
    this.#lostAt += ms;
    this.#silentSince += ms;
    this.#judge?.shift(ms);
  }

  get #hold(): number {
    return this.state.flapping ? Math.max(this.#holdMs, FLAP_QUIET_MS) : this.#holdMs;
  }

  /** Whether a thing of that time counts; from then on nothing older does. */
  #inOrder(at: number, late: boolean): boolean {
    const { lastAt } = this.state;
    if (at < lastAt) {
      if (late) return false;
      // What has just come is not older than what came before: the clock was set back.
      this.shift(at - lastAt);
    }
    this.state.lastAt = at;
    return true;
  }

  #breach(at: number, value?: Value): Change | undefined {
    const { state } = this;
    const wasKnown = state.known;
    state.known = true;
    switch (state.phase) {
      case 'ok':
        this.#pend(at);
        if (value !== undefined) state.value = value;
        return this.#forMs === 0 ? this.#fire(at) : 'pending';
      case 'pending':
        if (value !== undefined) state.value = value;
        return at - state.since >= this.#forMs ? this.#fire(at) : undefined;
      case 'firing':
        state.okSince = this.#holdMs > 0 ? at : NaN;
        return wasKnown ? undefined : 'known';
    }
  }

  #clear(at: number): Change | undefined {
    const { state } = this;
    if (state.phase === 'ok') return undefined;
    if (state.phase === 'pending') {
      this.#rest();
      return 'cleared';
    }
    const wasKnown = state.known;
    state.known = true;
    if (Number.isNaN(state.okSince)) state.okSince = at;
    if (this.#isQuietAt(at)) return this.#resolve();
    return wasKnown ? undefined : 'known';
  }

  #isQuietAt(at: number): boolean {
    return this.isFiring && at - this.state.okSince >= this.#hold;
  }

  #pend(since: number): void {
    this.state.phase = 'pending';
    this.state.since = since;
    this.state.known = true;
  }

  #fire(at: number): Change {
    const { state } = this;
    state.phase = 'firing';
    state.beganAt = at;
    state.known = true;
    state.okSince = this.#holdMs > 0 ? at : NaN;
    state.starts = [...state.starts.filter((before) => at - before < FLAP_WINDOW_MS), at].slice(-FLAPS);
    state.flapping = state.starts.length >= FLAPS;
    return 'firing';
  }

  #resolve(): Change {
    this.#rest();
    return 'resolved';
  }

  #rest(): void {
    const { starts, lastAt } = this.state;
    this.state = { ...fresh(), starts, lastAt };
  }
}

function fresh(): WatchState {
  return {
    phase: 'ok',
    since: NaN,
    beganAt: NaN,
    okSince: NaN,
    known: true,
    starts: [],
    flapping: false,
    lastAt: NaN,
  };
}
