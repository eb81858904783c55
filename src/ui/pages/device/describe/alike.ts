import type { DeviceRow } from '../../../../engine-api/frame.ts';
import { conventionOf, type DeviceKey } from '../../../../model/device.ts';

/** Devices that a description may fit as well. */
export interface Alike {
  readonly id: 'same-kind' | 'no-kind';
  readonly keys: readonly DeviceKey[];
}

/**
 * The other devices of the kind of `source`, and those that nobody has given a kind yet and that send the very same
 * channels, such as boards fresh from flashing. Groups with nothing in them are left out.
 * @param channelsOf the names of the channels that a device has sent
 */
export function alikeDevices(
  source: DeviceRow,
  rows: Iterable<DeviceRow>,
  channelsOf: (row: DeviceRow) => readonly string[],
): readonly Alike[] {
  const named = (row: DeviceRow): string => JSON.stringify([...channelsOf(row)].sort());
  const kind = source.description?.kind;
  const channels = named(source);
  const sameKind: DeviceKey[] = [];
  const noKind: DeviceKey[] = [];
  for (const row of rows) {
    if (row.key === source.key || conventionOf(row.key) !== conventionOf(source.key)) continue;
    const of = row.description?.kind;
    if (of !== undefined && of === kind) sameKind.push(row.key);
    else if (of === undefined && source.channels.length > 0 && named(row) === channels) noKind.push(row.key);
  }
  const all: readonly Alike[] = [
    { id: 'same-kind', keys: sameKind },
    { id: 'no-kind', keys: noKind },
  ];
  return all.filter(({ keys }) => keys.length > 0);
}
