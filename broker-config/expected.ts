import { mayClear, mayPublish, policyTopic, writableFilters } from '../src/model/policy.ts';
import type { Policy, Principal } from '../src/model/policy.ts';
import { matches } from '../src/model/topic.ts';

/** Reading a topic, writing it, or writing an empty retained message there. */
export const ACTIONS = ['subscribe', 'publish', 'clear'] as const;
export type Action = (typeof ACTIONS)[number];

/** One row: what the policy says about one principal, one topic and one action. */
export interface ExpectedRow {
  readonly principal: string;
  readonly topic: string;
  readonly action: Action;
  readonly expect: 'allow' | 'deny';
  /** Brokers cannot tell an empty message from another: whoever may clear here can publish here as well, except on the demo. */
  readonly limit?: 'clear-is-publish';
}

/** Stands where any device's id could: no device owns it. */
export const PROBE_ID = 'telltale-probe';

/**
 * The whole policy as a table: every principal on every topic that some right names, on the neighbours of those topics (a
 * level less, a level more, another leaf, another root), and on other people's policy documents.
 */
export function expectedRows(policy: Policy): readonly ExpectedRow[] {
  const topics = probeTopics(policy);
  return policy.principals.flatMap((principal) =>
    topics.flatMap((topic) => rowsOf(policy, principal, topic)),
  );
}

/** The rows of one principal and one topic, one for each action. */
export function rowsOf(policy: Policy, principal: Principal, topic: string): readonly ExpectedRow[] {
  const row = (action: Action, allowed: boolean) =>
    ({ principal: principal.username, topic, action, expect: allowed ? 'allow' : 'deny' }) as const;
  const publish = mayPublish(principal, topic);
  const wider = !publish && writableFilters(policy, principal).some((filter) => matches(filter, topic));
  return [
    row(
      'subscribe',
      principal.subscribe.some((filter) => matches(filter, topic)),
    ),
    { ...row('publish', publish), ...(wider && { limit: 'clear-is-publish' as const }) },
    row('clear', mayClear(policy, principal, topic)),
  ];
}

/** The topics of the table, sorted. */
export function probeTopics(policy: Policy): readonly string[] {
  const filters = policy.principals.flatMap(({ subscribe, publish }) => [...subscribe, ...publish]);
  const ids = policy.principals.flatMap(({ id }) => (id === undefined ? [] : [id])).slice(0, 2);
  const named = [...new Set([...filters, ...policy.clearable])].filter((filter) => !filter.startsWith('$'));
  const topics = new Set<string>();
  for (const filter of named) {
    for (const id of [PROBE_ID, ...ids]) {
      const topic = filter.replaceAll('+', id).replace(/(^|\/)#$/, '$1probe');
      for (const one of neighbours(topic)) topics.add(one);
      if (filter.endsWith('/#')) topics.add(`${topic}/deeper`);
    }
  }
  for (const root of policy.roots) {
    topics.add(root);
    for (const { username } of policy.principals) topics.add(`${root}/${username}/status`);
  }
  for (const { username } of policy.principals) topics.add(policyTopic(username));
  topics.add(`elsewhere/${PROBE_ID}/status`);
  return [...topics].sort();
}

function neighbours(topic: string): readonly string[] {
  const levels = topic.split('/');
  const parent = levels.slice(0, -1).join('/');
  const around = [topic, `${topic}/deeper`];
  return parent === '' ? around : [...around, parent, `${parent}/other`];
}

/** `expected.json`: the table, a row a line, so that a change of the policy reads well in a diff. */
export function expectedText(policy: Policy): string {
  const rows = expectedRows(policy).map((row) => `    ${JSON.stringify(row)}`);
  return `{\n  "version": 1,\n  "probe": "${PROBE_ID}",\n  "rows": [\n${rows.join(',\n')}\n  ]\n}\n`;
}
