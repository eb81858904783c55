import type { Subscription } from '../../engine-api/link.ts';
import type { BrokerTruth } from '../../model/broker-truth.ts';
import { maySubscribe, type Rights } from '../../model/policy.ts';

/**
 * What granted subscriptions may be called. Where a grant alone says little (Mosquitto's acl_file grants every SUBSCRIBE), it
 * takes the policy document as well to say that nothing is held back.
 */
export function markGranted(
  subscriptions: readonly Subscription[],
  truth: BrokerTruth,
  policy: Rights | null,
): readonly Subscription[] {
  if (truth.granted === 'delivers') return subscriptions;
  return subscriptions.map((subscription) =>
    subscription.state !== 'granted' || (policy !== null && maySubscribe(policy, subscription.filter))
      ? subscription
      : { ...subscription, state: 'granted-filtered' },
  );
}
