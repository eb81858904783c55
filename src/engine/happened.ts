import type { Alert, Problem } from '../engine-api/frame.ts';
import type { Command } from '../model/command.ts';
import type { HistoryEvent } from '../model/history-event.ts';

/** What became of a command, as an event. `at` in epoch ms. */
export function commandEvent(command: Command, at: number): HistoryEvent {
  const { device, id, name, by, outcome, error } = command;
  return { kind: 'command', at, device, id, name, by, outcome, ...(error !== undefined && { error }) };
}

/** An alert that began or ended at `at`, epoch ms. */
export function alertEvent(alert: Alert, at: number): HistoryEvent {
  const { device, kind, state, text } = alert;
  return { kind: 'alert', at, device, alert: kind, state, text };
}

/** A problem at the moment at which it was news. */
export function problemEvent({ lastAt, topic, message, device }: Problem): HistoryEvent {
  return { kind: 'problem', at: lastAt, topic, message, ...(device !== undefined && { device }) };
}
