import type { ChannelRow } from '../../../engine-api/frame.ts';
import type { CommandDescription } from '../../../model/device.ts';
import type { FormField } from './form-field.ts';

/**
 * The channel in which a device reports the state that a command switches, where the command takes a single yes or no: the
 * one that `confirms` names, or that is called like the command or its argument. `undefined` where none is known.
 */
export function reportedChannel(
  { name, confirms }: CommandDescription,
  fields: readonly FormField[] | undefined,
  channels: readonly ChannelRow[],
): ChannelRow | undefined {
  const [field] = fields ?? [];
  if (fields?.length !== 1 || field?.kind !== 'boolean') return undefined;
  for (const called of [confirms?.channel, name, field.path.at(-1)]) {
    const found = channels.find(({ channel, kind }) => channel === called && kind === 'boolean');
    if (found) return found;
  }
  return undefined;
}
