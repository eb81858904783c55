import type { Subscription } from '../engine-api/link.ts';
import type { BrokerTruth } from '../model/broker-truth.ts';
import { maySubscribe, type Rights } from '../model/policy.ts';

/**
 * What a granted subscription may be called. Where a grant alone says little (Mosquitto's acl_file grants every SUBSCRIBE),
 * it takes the policy document as well to say that nothing is held back.
 */
export function markGranted(
  subscription: Subscription,
  truth: BrokerTruth,
  policy: Rights | null,
): Subscription {
  if (subscription.state !== 'granted' || truth.granted === 'delivers') return subscription;
  return policy !== null && maySubscribe(policy, subscription.filter)
    ? subscription
    : { ...subscription, state: 'granted-filtered' };
}
