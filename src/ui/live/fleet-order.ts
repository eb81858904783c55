import type { DeviceRow } from '../../engine-api/frame.ts';
import type { DeviceKey, DeviceStatus } from '../../model/device.ts';
import { STATUSES } from '../words/status-words.ts';
import { deviceName } from './attention.ts';

export const FLEET_SORTS = ['trouble', 'name', 'seen'] as const;
export type FleetSort = (typeof FLEET_SORTS)[number];

/** What is shown of the fleet, and in which order. */
export interface FleetWish {
  readonly status: DeviceStatus | 'all';
  readonly kind: string;
  readonly sort: FleetSort;
  /** Whether the search finds the device. */
  readonly found: (row: DeviceRow, status: DeviceStatus) => boolean;
}

/** A fleet in order, with what was counted on the way. */
export interface ArrangedFleet {
  readonly keys: readonly DeviceKey[];
  /** Of the whole fleet, whatever is filtered. */
  readonly counts: Readonly<Record<DeviceStatus, number>>;
  readonly kinds: readonly string[];
  readonly total: number;
}

interface Entry {
  readonly row: DeviceRow;
  readonly rank: number;
  readonly name: string;
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function byName(a: Entry, b: Entry): number {
  return COLLATOR.compare(a.name, b.name) || COLLATOR.compare(a.row.id, b.row.id);
}

/**
 * Counts, filters and sorts the fleet. `trouble` puts offline first, then alerts, stale, unknown, online; equal ones
 * stand by name, so that a device keeps its place while nothing about it changes.
 */
export function arrangeFleet(
  rows: Iterable<DeviceRow>,
  statusOf: (row: DeviceRow) => DeviceStatus,
  inTrouble: ReadonlySet<DeviceKey>,
  wish: FleetWish,
): ArrangedFleet {
  const counts = { online: 0, offline: 0, stale: 0, unknown: 0 };
  const kinds = new Set<string>();
  const entries: Entry[] = [];
  let total = 0;
  for (const row of rows) {
    const status = statusOf(row);
    const kind = row.description?.kind ?? '';
    total += 1;
    counts[status] += 1;
    if (kind !== '') kinds.add(kind);
    if (wish.status !== 'all' && status !== wish.status) continue;
    if (wish.kind !== '' && kind !== wish.kind) continue;
    if (!wish.found(row, status)) continue;
    const rank = inTrouble.has(row.key) && status !== 'offline' ? 0.5 : STATUSES.indexOf(status);
    entries.push({ row, rank, name: deviceName(row) });
  }
  if (wish.sort === 'seen')
    entries.sort((a, b) => (b.row.lastSeen ?? 0) - (a.row.lastSeen ?? 0) || byName(a, b));
  else if (wish.sort === 'trouble') entries.sort((a, b) => a.rank - b.rank || byName(a, b));
  else entries.sort(byName);
  return { keys: entries.map(({ row }) => row.key), counts, kinds: [...kinds].sort(COLLATOR.compare), total };
}
