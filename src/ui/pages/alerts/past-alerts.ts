import { stands, type Alert } from '../../../model/alert/alert.ts';
import type { Severity } from '../../../model/alert/rule.ts';
import type { DeviceKey } from '../../../model/device.ts';
import type { HistoryEvent } from '../../../model/history-event.ts';

type AlertEvent = Extract<HistoryEvent, { kind: 'alert' }>;

/** One alert from its beginning to its end, as it is written down. Times are epoch ms. */
export interface AlertSpan {
  readonly id: string;
  readonly device: DeviceKey;
  readonly channel?: string;
  readonly severity: Severity;
  readonly text: string;
  /** Missing where it began before the range, or nobody saw it begin. */
  readonly from?: number;
  /** Missing where its end is not known. */
  readonly to?: number;
  readonly acknowledgedBy?: string;
}

/** Puts the events of alerts together, one item an alert, the newest first. */
export function alertSpans(events: readonly HistoryEvent[]): readonly AlertSpan[] {
  const spans = new Map<string, AlertSpan>();
  for (const event of events) {
    if (event.kind !== 'alert') continue;
    // What an older build wrote has no id: device and kind tell those that do not overlap apart.
    const id = event.id ?? openSpan(spans, event) ?? `${event.device}/${event.alert}@${event.at}`;
    const before = spans.get(id);
    spans.set(id, {
      id,
      device: event.device,
      severity: event.severity ?? 'warning',
      text: event.text,
      ...(event.channel !== undefined && { channel: event.channel }),
      ...before,
      ...(before?.from === undefined && fromOf(event)),
      ...(event.state === 'resolved' && { to: event.at, text: event.text }),
      ...(event.state === 'acknowledged' && event.by !== undefined && { acknowledgedBy: event.by }),
    });
  }
  return [...spans.values()].sort((a, b) => (b.to ?? b.from ?? 0) - (a.to ?? a.from ?? 0));
}

function fromOf(event: AlertEvent): { readonly from?: number } {
  const from = event.since ?? (event.state === 'firing' ? event.at : undefined);
  return from === undefined ? {} : { from };
}

function openSpan(spans: ReadonlyMap<string, AlertSpan>, event: AlertEvent): string | undefined {
  if (event.state === 'firing') return undefined;
  const open = [...spans.values()].reverse();
  return open.find(
    ({ id, device, to }) =>
      device === event.device && to === undefined && id.startsWith(`${device}/${event.alert}@`),
  )?.id;
}

/** When a rule about this channel was broken: for its chart. What stands now has no end yet. */
export function breachesOf(
  spans: readonly AlertSpan[],
  standing: readonly Alert[],
  device: DeviceKey,
  channel: string,
): readonly { readonly from: number; readonly to: number | undefined; readonly severity: Severity }[] {
  const now = new Map(standing.filter(stands).map((alert) => [alert.id, alert]));
  const over = spans.filter(
    (span) => span.device === device && span.channel === channel && !now.has(span.id),
  );
  return [
    // One without an end that does not stand either: nobody saw it end.
    ...over.flatMap(({ from, to, severity }) =>
      from === undefined || to === undefined ? [] : [{ from, to, severity }],
    ),
    ...[...now.values()].flatMap((alert) =>
      alert.device === device && alert.channel === channel && alert.since !== undefined
        ? [{ from: alert.since, to: undefined, severity: alert.severity }]
        : [],
    ),
  ];
}
