import { inScope } from '../../model/alert/in-scope.ts';
import { channelOf } from '../../model/alert/rule.ts';
import type { WatchedRule } from '../../model/alert/rule-sets.ts';
import { ChannelPlan } from '../live/alert-plan.ts';
import type { ChannelState, DeviceState } from '../live/device-state.ts';
import { scopedOf } from './rule-place.ts';

/** Finds the rules of a device and of a channel, for when one of them is new. */
export class RuleIndex {
  readonly #ofDevices: readonly WatchedRule[];
  readonly #byChannel = new Map<string, WatchedRule[]>();
  readonly #plans = new Map<string, ChannelPlan>();
  readonly #keys: ReadonlySet<string>;

  constructor(rules: readonly WatchedRule[]) {
    this.#keys = new Set(rules.map(({ key }) => key));
    this.#ofDevices = rules.filter(({ rule }) => channelOf(rule.on) === undefined);
    for (const watched of rules) {
      const channel = channelOf(watched.rule.on);
      if (channel === undefined) continue;
      const list = this.#byChannel.get(channel) ?? [];
      list.push(watched);
      this.#byChannel.set(channel, list);
    }
  }

  /** Whether there is a rule with this key. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** The rules about a device as a whole. */
  ofDevice(device: DeviceState): readonly WatchedRule[] {
    const scoped = scopedOf(device);
    return this.#ofDevices.filter(({ rule }) => inScope(rule.scope, scoped));
  }

  /** The rules about a channel; the same plan for all channels with the same rules. */
  planOf({ channel, device }: ChannelState): ChannelPlan | undefined {
    const candidates = this.#byChannel.get(channel);
    if (candidates === undefined) return undefined;
    const scoped = scopedOf(device);
    const rules = candidates.filter(({ rule }) => inScope(rule.scope, scoped));
    if (rules.length === 0) return undefined;
    const key = rules.map((rule) => rule.key).join(' ');
    const plan = this.#plans.get(key) ?? new ChannelPlan(rules);
    this.#plans.set(key, plan);
    return plan;
  }
}
