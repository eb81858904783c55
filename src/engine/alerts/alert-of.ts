import type { Alert } from '../../model/alert/alert.ts';
import { alertWords } from '../../model/alert/rule-words.ts';
import type { Watched } from '../live/alert-plan.ts';

/**
 * What stands for a watch now, or is over since `resolvedAt` (epoch ms).
 * @param before what stood for it, where something did
 */
export function alertOf(watched: Watched, before: Alert | undefined, resolvedAt?: number): Alert {
  const { key, watch, device, channel, ruleKey } = watched;
  const { state, rule } = watch;
  if (resolvedAt !== undefined && before) {
    const { unknown: _unknown, ...known } = before;
    return { ...known, state: 'resolved', resolvedAt };
  }
  const described = channel && device.describes(channel.channel);
  const name = device.description?.name ?? device.id;
  return {
    id: before?.id ?? `${key}@${state.since}`,
    device: device.key,
    kind: 'rule',
    severity: rule.severity,
    since: state.since,
    state: state.phase === 'pending' ? 'pending' : state.acknowledged ? 'acknowledged' : 'firing',
    text: alertWords(rule, name, state.value, described?.name, described?.unit),
    rule: ruleKey,
    ...(channel && { channel: channel.channel }),
    ...(state.acknowledged && { acknowledged: state.acknowledged }),
    ...(!state.known && { unknown: true as const }),
    ...(state.flapping && { flapping: true as const }),
  };
}

/** An alert that is over because nobody watches for it any more. */
export function endedByRule(alert: Alert, resolvedAt: number): Alert {
  return { ...alert, state: 'resolved', resolvedAt, text: `${alert.text} It is not watched for any more.` };
}
