import type { Subscription, SubscriptionState } from '../../engine-api/link.ts';
import { visibleText } from './visible-text.ts';

const STATE_WORDS: Record<SubscriptionState, string> = {
  asked: 'asked, no answer yet',
  granted: 'granted',
  'granted-filtered': 'granted, but the broker may filter what arrives',
  refused: 'refused',
  closed: 'the broker closed the connection over it',
};

/** What the broker made of a subscription, and no more than that. */
export function subscriptionWords({ state, qos, reason }: Subscription): string {
  const level = qos === undefined ? '' : `, QoS ${qos}`;
  const why = reason === undefined ? '' : `: ${visibleText(reason)}`;
  return `${STATE_WORDS[state]}${level}${why}`;
}
