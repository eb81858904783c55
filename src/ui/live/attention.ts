import type { DeviceRow } from '../../engine-api/frame.ts';
import type { Alert } from '../../model/alert/alert.ts';
import type { DeviceKey, DeviceStatus } from '../../model/device.ts';

/** One device that needs a person, and why. */
export interface AttentionItem {
  readonly key: DeviceKey;
  readonly id: string;
  readonly name: string;
  readonly state: 'offline' | 'stale' | 'alert';
  readonly reason: string;
  /** Epoch ms; `undefined` when nobody here saw it begin. */
  readonly since: number | undefined;
}

const RANK = { offline: 0, alert: 1, stale: 2 } as const;

function alertState(alert: Alert): AttentionItem['state'] {
  if (alert.kind === 'offline') return 'offline';
  return alert.kind === 'no-data' ? 'stale' : 'alert';
}

/** The devices that an alert is firing for. */
export function devicesInTrouble(alerts: readonly Alert[]): ReadonlySet<DeviceKey> {
  return new Set(alerts.filter(({ state }) => state === 'firing').map(({ device }) => device));
}

/** How `name` reads on a page. */
export function deviceName(row: DeviceRow): string {
  return row.description?.name ?? row.id;
}

/**
 * One item a device that is in trouble: by its firing alerts, or by its status where no alert stands yet. The gravest
 * first, then the newest. A device's several alerts become one item with the gravest state and all the reasons.
 */
export function attentionItems(
  rows: Iterable<DeviceRow>,
  statusOf: (row: DeviceRow) => DeviceStatus,
  alerts: readonly Alert[],
): readonly AttentionItem[] {
  const byDevice = new Map<DeviceKey, Alert[]>();
  /** Somebody knows of them. */
  const known = new Set<DeviceKey>();
  for (const alert of alerts) {
    if (alert.state === 'acknowledged') known.add(alert.device);
    if (alert.state !== 'firing') continue;
    const list = byDevice.get(alert.device) ?? [];
    list.push(alert);
    byDevice.set(alert.device, list);
  }
  const items: AttentionItem[] = [];
  for (const row of rows) {
    const own = (byDevice.get(row.key) ?? []).toSorted((a, b) => RANK[alertState(a)] - RANK[alertState(b)]);
    const status = statusOf(row);
    const first = own[0];
    const base = { key: row.key, id: row.id, name: deviceName(row) };
    if (first !== undefined) {
      const reason = own.map(({ text }) => text.replace(/\.$/, '')).join('; ');
      items.push({ ...base, state: alertState(first), reason, since: first.since });
    } else if (!known.has(row.key) && (status === 'offline' || status === 'stale')) {
      const reason = status === 'offline' ? 'offline' : 'no data for longer than usual';
      items.push({ ...base, state: status, reason, since: row.statusSince });
    }
  }
  return items.sort((a, b) => RANK[a.state] - RANK[b.state] || (b.since ?? 0) - (a.since ?? 0));
}
