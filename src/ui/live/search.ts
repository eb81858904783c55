import type { ChannelRow, DeviceRow } from '../../engine-api/frame.ts';
import type { DeviceStatus } from '../../model/device.ts';
import { valueText } from '../words/value-words.ts';
import type { ShownValue } from './shown-value.ts';

/** Everything about a device that a search looks at: names, ids, channel names, values and states. Lower case. */
export function searchText(
  row: DeviceRow,
  status: DeviceStatus,
  channels: readonly { readonly row: ChannelRow; readonly shown: ShownValue | undefined }[],
): string {
  const { description } = row;
  const parts = [
    row.id,
    status,
    description?.name,
    description?.model,
    description?.location,
    description?.kind,
  ];
  for (const { row: channel, shown } of channels) {
    parts.push(channel.name, channel.channel);
    if (shown === undefined) continue;
    // A boolean is shown as on or off, but was sent as true or false: both find it.
    if (typeof shown.value === 'boolean') parts.push(String(shown.value));
    parts.push(`${valueText(shown.value, channel.precision ?? shown.digits)} ${channel.unit ?? ''}`);
  }
  return parts
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
}

/** The words of a search; a device is found when its text has all of them. */
export function searchWords(query: string): readonly string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

export function isFound(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
