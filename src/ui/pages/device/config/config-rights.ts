import type { Subscription } from '../../../../engine-api/link.ts';
import type { BrokerKind } from '../../../../model/broker.ts';
import { retainedOnWildcards } from '../../../../model/broker-truth.ts';
import type { PolicyDocument } from '../../../../model/policy.ts';
import { matches } from '../../../../model/topic.ts';

/**
 * Whether this sign-in is told what is asked of a device: `no` where its policy document or the broker says so, `unasked` where
 * this console does not ask, since the broker might end the connection over it, and `perhaps` where the broker may hold it back
 * without a word, or hands out nothing that is retained.
 */
export type Readable = 'yes' | 'no' | 'perhaps' | 'unasked';

/** @param kind of the broker: what it keeps may not come, since it is asked for by wildcards */
export function mayReadConfig(
  policy: PolicyDocument | null,
  subscriptions: readonly Subscription[],
  topic: string | undefined,
  kind?: BrokerKind,
): Readable {
  if (topic === undefined) return 'perhaps';
  if (policy && !policy.subscribe.some((filter) => matches(filter, topic))) return 'no';
  const states = subscriptions.filter(({ filter }) => matches(filter, topic)).map(({ state }) => state);
  if (states.length === 0) return 'unasked';
  if (states.includes('granted')) return retainedOnWildcards(kind) ? 'yes' : 'perhaps';
  return states.some((state) => state === 'refused' || state === 'closed') ? 'no' : 'perhaps';
}
