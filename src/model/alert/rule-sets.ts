import { isSameRule } from './parse-rules.ts';
import type { AlertRule } from './rule.ts';

/** The retained rules of a site, that an admin writes and everybody is offered. */
export const SHARED_RULES_TOPIC = 'telltale/rules';

/** The rules of this browser: a person's own, and those of the site that the person took up. Both are watched. */
export interface RuleSets {
  readonly own: readonly AlertRule[];
  readonly adopted: readonly AlertRule[];
}

export const NO_RULES: RuleSets = { own: [], adopted: [] };

/** A rule with the id under which it is watched: one's own and the site's may have the same. */
export interface WatchedRule {
  readonly key: string;
  readonly rule: AlertRule;
}

/**
 * Everything that is to be watched. A rule of the site can add to one's own rules, never replace or silence one; one that is
 * the very same is watched once.
 */
export function watchedRules({ own, adopted }: RuleSets): readonly WatchedRule[] {
  const keyed = (prefix: string, rules: readonly AlertRule[]) =>
    rules.filter(({ enabled }) => enabled).map((rule) => ({ key: `${prefix}${rule.id}`, rule }));
  const { added, changed } = rulesDifference(own, adopted);
  return [...keyed('own:', own), ...keyed('site:', [...added, ...changed])];
}

/** What becomes of the adopted rules when those that are offered are adopted; by name. */
export interface RulesDifference {
  readonly added: readonly AlertRule[];
  readonly changed: readonly AlertRule[];
  readonly removed: readonly AlertRule[];
}

/** What is new in `to`. A rule that is only switched off counts as changed. */
export function rulesDifference(from: readonly AlertRule[], to: readonly AlertRule[]): RulesDifference {
  const before = new Map(from.map((rule) => [rule.id, rule]));
  const after = new Set(to.map(({ id }) => id));
  return {
    added: to.filter(({ id }) => !before.has(id)),
    changed: to.filter((rule) => {
      const known = before.get(rule.id);
      return known !== undefined && !isSameRule(known, rule);
    }),
    removed: from.filter(({ id }) => !after.has(id)),
  };
}

/** Whether adopting `to` would change anything. */
export function isDifferent(from: readonly AlertRule[], to: readonly AlertRule[]): boolean {
  const { added, changed, removed } = rulesDifference(from, to);
  return added.length + changed.length + removed.length > 0;
}
