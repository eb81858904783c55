import type { Command, Outcome } from '../../model/command.ts';
import { clockTime } from './time-words.ts';
import { visibleText } from './visible-text.ts';

/** The one word for each outcome. */
export const OUTCOME_WORD: Record<Outcome, string> = {
  queued: 'Queued',
  sent: 'Sent',
  accepted: 'Accepted',
  done: 'Done',
  failed: 'Failed',
  unanswered: 'Unanswered',
  expired: 'Expired',
  refused: 'Refused',
};

/** A device's answer or an argument as one line of text. */
export function answerText(value: unknown): string {
  if (value === undefined) return '';
  return visibleText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

/**
 * What is known about a command and no more: a PUBACK proves that the broker passed it on where model/broker-truth.ts says so,
 * and only the device's answer, or its telemetry, proves that it was carried out.
 */
export function commandWords(command: Command): string {
  const error = command.error === undefined ? '' : visibleText(command.error);
  switch (command.outcome) {
    case 'queued':
      return `Not sent yet. Expires at ${clockTime(command.deadline)}.`;
    case 'sent':
      if (command.pubackAt === undefined) return 'Sent, not confirmed.';
      return command.protocol === 5
        ? 'Sent, not confirmed. This broker may acknowledge what it does not pass on.'
        : 'Sent, not confirmed. MQTT 3.1.1 cannot say whether the broker passed it on, and it may still arrive late.';
    case 'accepted':
      return 'Accepted by the broker. Waiting for the device.';
    case 'done':
      return command.provenBy === 'telemetry' ? 'Done, seen in telemetry.' : 'Done, the device answered.';
    case 'failed':
      return error === '' ? 'The device answered that it failed.' : `The device answered: ${error}`;
    case 'unanswered':
      // Only MQTT 5 tells the broker when to drop it.
      return command.acceptedAt === undefined || command.protocol === 4
        ? `Sent; the device did not answer by ${clockTime(command.deadline)}. It may still arrive late.`
        : `Sent; the device did not answer by ${clockTime(command.deadline)}.`;
    case 'expired':
      return `Never sent: there was no link before ${clockTime(command.deadline)}.`;
    case 'refused':
      return error === '' ? 'Refused.' : error;
  }
}
