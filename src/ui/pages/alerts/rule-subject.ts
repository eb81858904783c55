import { deviceKeyFromId } from '../../../model/device.ts';
import type { Live } from '../../live/live.svelte.ts';
import type { RuleSubject } from './rule-draft.ts';

/** What is known of the channel that a new rule is to be about. */
export function subjectOf(
  live: Live,
  about: { readonly device: string; readonly channel: string },
): RuleSubject {
  const key = deviceKeyFromId(about.device);
  const series = live.devices.get(key)?.channels ?? [];
  const row = series.map((id) => live.channels.get(id)).find((channel) => channel?.channel === about.channel);
  return {
    ...about,
    ...(row && { kind: row.kind }),
    ...(row?.min !== undefined && { min: row.min }),
    ...(row?.max !== undefined && { max: row.max }),
  };
}
