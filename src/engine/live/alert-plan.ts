import { fineBand, isStateless, judgeOf, movedBy, type Judge } from '../../model/alert/judge.ts';
import type { WatchedRule } from '../../model/alert/rule-sets.ts';
import { SlidingRange } from '../../model/alert/sliding-range.ts';
import type { Watch } from '../../model/alert/watch.ts';
import type { Value } from '../../model/sample.ts';
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

/** The rules about how far a value moves within the same time: they share what they remember. */
interface Pace {
  readonly within: number;
  /** The least move that breaks one of them. */
  readonly leastBy: number;
}

/**
 * The rules about one channel, the same for all devices with the same rules. A number that breaks none of them is settled
 * by two comparisons and two more for each time span, whatever the number of rules.
 */
export class ChannelPlan {
  /** Rules about values. */
  readonly rules: readonly WatchedRule[];
  /** Rules about silence. */
  readonly silence: readonly WatchedRule[];
  readonly paces: readonly Pace[];
  /** Numbers within break no rule about values as such. */
  readonly low: number;
  readonly high: number;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  /** By rule: its place in `paces`, or -1. */
  readonly #paceOf: Int32Array;
  /** Shared by all channels, for the rules that remember nothing. */
  readonly #judges: readonly (Judge | undefined)[];

  constructor(rules: readonly WatchedRule[]) {
    this.silence = rules.filter(({ rule }) => rule.on.when === 'no-data');
    this.rules = rules.filter(({ rule }) => rule.on.when !== 'no-data');
    const bands = this.rules.map(bandOf);
    this.#lows = Float64Array.from(bands, ([low]) => low);
    this.#highs = Float64Array.from(bands, ([, high]) => high);
    this.low = Math.max(-Infinity, ...this.#lows);
    this.high = Math.min(Infinity, ...this.#highs);
    const paces = new Map<number, number>();
    for (const { rule } of this.rules)
      if (rule.on.when === 'rate')
        paces.set(rule.on.within, Math.min(rule.on.by, paces.get(rule.on.within) ?? Infinity));
    this.paces = [...paces].map(([within, leastBy]) => ({ within, leastBy }));
    this.#paceOf = Int32Array.from(this.rules, ({ rule: { on } }) =>
      on.when === 'rate' ? this.paces.findIndex(({ within }) => within === on.within) : -1,
    );
    this.#judges = this.rules.map(({ rule: { on } }) =>
      isStateless(on) && on.when !== 'rate' ? judgeOf(on) : undefined,
    );
  }

  /** Whether the value breaks a rule that nothing is kept for. `ranges` have it in them already. */
  breaks(i: number, value: Value, at: number, ranges: readonly SlidingRange[]): boolean {
    if (typeof value === 'number' && value >= this.#lows[i]! && value <= this.#highs[i]!) return false;
    const { on } = this.rules[i]!.rule;
    const range = this.rangeOf(i, ranges);
    if (on.when === 'rate')
      return range !== undefined && typeof value === 'number' && movedBy(on, range, value) >= on.by;
    return this.#judges[i]?.of(value, at, false) === true;
  }

  /** What a rule about a pace remembers. */
  rangeOf(i: number, ranges: readonly SlidingRange[]): SlidingRange | undefined {
    return ranges[this.#paceOf[i]!];
  }
}

/** The numbers that certainly do not break a rule, whatever came before them. */
function bandOf({ rule: { on } }: WatchedRule): readonly [number, number] {
  const nothing = [Infinity, -Infinity] as const;
  const everything = [-Infinity, Infinity] as const;
  if (on.when === 'equals') return typeof on.value === 'number' ? nothing : everything;
  // A pace has a bound of its own; what changes is always looked at.
  return fineBand(on) ?? everything;
}

/** The rules of one channel at work. Rules that are not broken cost nothing here. */
export class ChannelWatch {
  /** By the plan's rules: those that are broken or were lately, and those that remember by themselves. */
  readonly slots: (Watched | undefined)[];
  /** The same without holes. */
  active: readonly Watched[] = [];
  readonly silence: Watched[] = [];
  /** By the plan's paces. */
  readonly ranges: readonly SlidingRange[];
  /** How many of the rules about silence are broken. */
  silent = 0;

  constructor(
    readonly plan: ChannelPlan,
    readonly channel: ChannelState,
  ) {
    this.slots = new Array<Watched | undefined>(plan.rules.length).fill(undefined);
    this.ranges = plan.paces.map(({ within }) => new SlidingRange(within * 1000));
  }

  /** Takes a value in; answers whether it may break a rule that is not among the active ones. */
  mayBreak(value: Value, at: number): boolean {
    if (typeof value !== 'number') return true;
    const { plan, ranges } = this;
    let fast = false;
    for (let i = 0; i < ranges.length; i++) {
      const range = ranges[i]!;
      range.add(at, value);
      if (range.max - range.min >= plan.paces[i]!.leastBy) fast = true;
    }
    return fast || !(value >= plan.low && value <= plan.high);
  }

  fill(i: number, watched: Watched): void {
    this.slots[i] = watched;
    this.active = this.slots.filter((slot) => slot !== undefined);
  }

  empty(watched: Watched): void {
    const i = this.slots.indexOf(watched);
    if (i < 0) return;
    this.slots[i] = undefined;
    this.active = this.slots.filter((slot) => slot !== undefined);
  }

  *all(): Generator<Watched> {
    yield* this.active;
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
