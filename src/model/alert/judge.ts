import type { Value } from '../sample.ts';
import type { Condition } from './rule.ts';
import { SlidingRange } from './sliding-range.ts';

/** `undefined`: the value says nothing about the rule. */
export type Verdict = boolean | undefined;

/**
 * Says of each value whether it breaks the rule. It may remember earlier ones; those that do are one for each channel.
 * `firing`: the rule is broken already, so a value ends it only beyond the hysteresis.
 */
export interface Judge {
  of(value: Value, at: number, firing: boolean): Verdict;
  /** Values before now are not what came right before those after. */
  forget(): void;
  /** Time was set by `ms`. */
  shift(ms: number): void;
}

/** Whether nothing need be kept for this rule on a channel on which all is well; a pace is kept for all rules together. */
export function isStateless(on: Condition): boolean {
  return on.when !== 'changes' && on.when !== 'no-data' && on.when !== 'offline';
}

/**
 * The numbers that do not break a rule, both ends included; `undefined` for a rule that is not about numbers alone. A
 * number within is settled by two comparisons.
 */
export function fineBand(on: Condition): readonly [low: number, high: number] | undefined {
  switch (on.when) {
    case 'above':
      return [-Infinity, on.value];
    case 'below':
      return [on.value, Infinity];
    case 'outside':
      return [on.low, on.high];
    default:
      return undefined;
  }
}

/**
 * The judge of a condition over values; silence and status need none.
 * @param range of the channel, which several judges of a pace may share
 */
export function judgeOf(on: Condition, range?: SlidingRange): Judge | undefined {
  switch (on.when) {
    case 'above':
    case 'below':
    case 'outside':
      return new BandJudge(fineBand(on)!, on.hysteresis ?? 0);
    case 'equals':
      return new EqualsJudge(on.value);
    case 'changes':
      return new ChangeJudge();
    case 'rate':
      return new RateJudge(on, range ?? new SlidingRange(on.within * 1000));
    default:
      return undefined;
  }
}

class BandJudge implements Judge {
  readonly #low: number;
  readonly #high: number;
  readonly #hysteresis: number;

  constructor([low, high]: readonly [number, number], hysteresis: number) {
    this.#low = low;
    this.#high = high;
    this.#hysteresis = hysteresis;
  }

  of(value: Value, _at: number, firing: boolean): Verdict {
    if (typeof value !== 'number') return undefined;
    const back = firing ? this.#hysteresis : 0;
    return value < this.#low + back || value > this.#high - back;
  }

  forget(): void {}
  shift(): void {}
}

class EqualsJudge implements Judge {
  readonly #wanted: Value;

  constructor(wanted: Value) {
    this.#wanted = wanted;
  }

  of(value: Value): Verdict {
    return value === this.#wanted;
  }

  forget(): void {}
  shift(): void {}
}

/** Another value breaks the rule; the same one says nothing, since it ends by time. */
class ChangeJudge implements Judge {
  #last: Value | undefined;

  of(value: Value): Verdict {
    const before = this.#last;
    this.#last = value;
    return before !== undefined && before !== value ? true : undefined;
  }

  /** What it was before is still what it was: a change while nobody listened is a change, whenever it came. */
  forget(): void {}
  shift(): void {}
}

/** By how much a value has moved in the direction of the rule, where `range` has the ones before it. */
export function movedBy(
  { direction }: Extract<Condition, { when: 'rate' }>,
  range: SlidingRange,
  value: number,
): number {
  const rise = value - range.min;
  const fall = range.max - value;
  return direction === 'rise' ? rise : direction === 'fall' ? fall : Math.max(rise, fall);
}

class RateJudge implements Judge {
  readonly #on: Extract<Condition, { when: 'rate' }>;
  readonly #range: SlidingRange;

  constructor(on: Extract<Condition, { when: 'rate' }>, range: SlidingRange) {
    this.#on = on;
    this.#range = range;
  }

  of(value: Value, at: number, firing: boolean): Verdict {
    if (typeof value !== 'number') return undefined;
    const { by, hysteresis = 0 } = this.#on;
    this.#range.add(at, value);
    return movedBy(this.#on, this.#range, value) >= (firing ? by - hysteresis : by);
  }

  forget(): void {
    this.#range.clear();
  }

  shift(ms: number): void {
    this.#range.shift(ms);
  }
}
