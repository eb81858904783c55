import type { DeviceRow } from '../../engine-api/frame.ts';
import type { Alert } from '../../model/alert/alert.ts';
import type { Link } from '../../engine-api/link.ts';
import type { DeviceStatus } from '../../model/device.ts';
import { sinceWords, spanWords } from './time-words.ts';
import { visibleText } from './visible-text.ts';

/** The order in which trouble is listed. */
export const STATUSES: readonly DeviceStatus[] = ['offline', 'stale', 'unknown', 'online'];

/** The shape, colour and word of a lamp. */
export type LampState = DeviceStatus | 'alert' | 'pending';

/** The lamp that a link shows. */
export function linkLamp({ phase, cause }: Link): LampState {
  // Nobody asked for a link: no reason for alarm.
  if (cause === 'signed-out') return 'unknown';
  if (phase === 'live') return 'online';
  if (phase === 'stale') return 'stale';
  return phase === 'connecting' ? 'pending' : 'offline';
}

/** A device's status and since when, as a phrase. Times are epoch ms. */
export function statusPhrase(row: DeviceRow, status: DeviceStatus, now: number): string {
  // Without a link nobody knows whether it is still so: the page's own `stale` has no beginning.
  if (status !== row.status || row.statusSince === undefined) return status;
  return `${status} since ${sinceWords(row.statusSince, now)}`;
}

/** An alert's length so far, or its end. */
export function alertPhrase(alert: Alert, now: number): string {
  if (alert.state === 'resolved') return 'resolved';
  if (alert.acknowledged !== undefined)
    return `acknowledged by ${visibleText(alert.acknowledged.by)} at ${sinceWords(alert.acknowledged.at, now)}`;
  return alert.since === undefined ? 'since before this page looked' : `for ${spanWords(now - alert.since)}`;
}

/** Why the link is not live, as far as that is known. `now` is epoch ms. */
export function linkSentence(link: Link, now: number): string {
  if (link.reason !== undefined) return link.reason;
  const since = sinceWords(link.since, now);
  if (link.phase === 'connecting') return 'Connecting to the broker.';
  if (link.phase === 'stale') return `The broker has been silent since ${since}.`;
  if (link.phase === 'refused') return `The broker refused the connection at ${since}.`;
  return '';
}
