import type { Problem } from '../../engine-api/frame.ts';
import type { Alert } from '../../model/alert/alert.ts';
import type { Command } from '../../model/command.ts';
import type { HistoryEvent } from '../../model/history-event.ts';

/** What became of a command, as an event. `at` in epoch ms. */
export function commandEvent(command: Command, at: number): HistoryEvent {
  const { device, id, name, by, outcome, error, config } = command;
  return {
    kind: 'command',
    at,
    device,
    id,
    name,
    by,
    outcome,
    ...(error !== undefined && { error }),
    ...(config && { config: true as const }),
  };
}

/** An alert that began, was acknowledged or ended at `at`, epoch ms; a pending one is none yet. */
export function alertEvent(alert: Alert, at: number): HistoryEvent | undefined {
  const { device, kind, state, text, id, severity, rule, channel, since, acknowledged } = alert;
  if (state === 'pending') return undefined;
  return {
    kind: 'alert',
    at,
    device,
    alert: kind,
    state,
    text,
    id,
    severity,
    ...(since !== undefined && { since }),
    ...(rule !== undefined && { rule }),
    ...(channel !== undefined && { channel }),
    ...(state === 'acknowledged' && acknowledged && { by: acknowledged.by }),
  };
}

/** A problem at the moment at which it was news. */
export function problemEvent({ lastAt, topic, message, device }: Problem): HistoryEvent {
  return { kind: 'problem', at: lastAt, topic, message, ...(device !== undefined && { device }) };
}
