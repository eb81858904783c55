import { fineBand, isStateless, judgeOf, type Judge } from '../model/alert/judge.ts';
import type { WatchedRule } from '../model/alert/rule-sets.ts';
import type { Watch } from '../model/alert/watch.ts';
import type { Value } from '../model/sample.ts';
import type { ChannelState, DeviceState } from './device-state.ts';

/** One watch at work, and where. */
export interface Watched {
  /** The same each time that it happens: rule, device and channel. */
  readonly key: string;
  readonly ruleKey: string;
  watch: Watch;
  readonly device: DeviceState;
  readonly channel: ChannelState | undefined;
  /** For when it stands in the list of what is due; Infinity when it does not. */
  due: number;
}

/**
 * The rules about one channel, the same for all devices with the same rules. A number that breaks none of them is settled
 * by two comparisons, whatever their number.
 */
export class ChannelPlan {
  /** Rules about values. */
  readonly rules: readonly WatchedRule[];
  /** Rules about silence. */
  readonly silence: readonly WatchedRule[];
  /** Numbers within break no rule; nothing is within where a rule must see every number. */
  readonly low: number;
  readonly high: number;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  /** Shared by all channels, for the rules that remember nothing. */
  readonly #judges: readonly (Judge | undefined)[];

  constructor(rules: readonly WatchedRule[]) {
    this.silence = rules.filter(({ rule }) => rule.on.when === 'no-data');
    this.rules = rules.filter(({ rule }) => rule.on.when !== 'no-data');
    // What equals another number is found by its judge, so no number is fine beforehand.
    const bands = this.rules.map(({ rule }) => fineBand(rule.on) ?? ([Infinity, -Infinity] as const));
    this.#lows = Float64Array.from(bands, ([low]) => low);
    this.#highs = Float64Array.from(bands, ([, high]) => high);
    this.low = Math.max(-Infinity, ...this.#lows);
    this.high = Math.min(Infinity, ...this.#highs);
    this.#judges = this.rules.map(({ rule }) => (isStateless(rule.on) ? judgeOf(rule.on) : undefined));
  }

  /** Whether the value breaks a rule that remembers nothing. */
  breaks(i: number, value: Value, at: number): boolean {
    if (typeof value === 'number' && value >= this.#lows[i]! && value <= this.#highs[i]!) return false;
    return this.#judges[i]?.of(value, at, false) === true;
  }
}

/** The rules of one channel at work. Rules that are not broken cost nothing here. */
export class ChannelWatch {
  /** By the plan's rules: those that are broken or were lately, and those that remember. */
  readonly slots: (Watched | undefined)[];
  readonly silence: Watched[] = [];
  /** How many slots are taken. */
  active = 0;
  /** How many of the rules about silence are broken. */
  silent = 0;

  constructor(
    readonly plan: ChannelPlan,
    readonly channel: ChannelState,
  ) {
    this.slots = new Array<Watched | undefined>(plan.rules.length).fill(undefined);
  }

  fill(i: number, watched: Watched): void {
    if (this.slots[i] === undefined) this.active++;
    this.slots[i] = watched;
  }

  empty(watched: Watched): void {
    const i = this.slots.indexOf(watched);
    if (i < 0) return;
    this.slots[i] = undefined;
    this.active--;
  }

  *all(): Generator<Watched> {
    for (const watched of this.slots) if (watched) yield watched;
    yield* this.silence;
  }
}

/** The rules about a device as a whole. */
export class DeviceWatch {
  readonly silence: Watched[] = [];
  readonly offline: Watched[] = [];
  silent = 0;

  *all(): Generator<Watched> {
    yield* this.silence;
    yield* this.offline;
  }
}
