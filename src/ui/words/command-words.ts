import { roundTrip, type Command, type Outcome } from '../../model/command.ts';
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

/** The word for what became of a command; `Refused` is what a broker does, and this never reached one. */
export function outcomeWord({ outcome, sentAt, elsewhere }: Command): string {
  return outcome === 'refused' && sentAt === undefined && !elsewhere ? 'Not sent' : OUTCOME_WORD[outcome];
}

/** A device's answer or an argument as one line of text. */
export function answerText(value: unknown): string {
  if (value === undefined) return '';
  return visibleText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

/** A short length of time: `84 ms`, `1.2 s`, `12 s`. `ms` is not negative. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}

/** How long the device took, as the end of a sentence. */
function afterWords(command: Command): string {
  const ms = roundTrip(command);
  if (ms === undefined) return '';
  const late = command.settledAt !== undefined && command.settledAt > command.deadline;
  return ` after ${durationText(ms)}${late ? ', past its deadline' : ''}`;
}

/**
 * What is known about a command and no more: a PUBACK proves that the broker passed it on where model/broker-truth.ts says so,
 * and only the device's answer, or its telemetry, proves that it was carried out.
 */
export function commandWords(command: Command): string {
  const error = command.error === undefined ? '' : visibleText(command.error);
  if (command.config) return configWords(command, error);
  switch (command.outcome) {
    case 'queued':
      return `Not sent yet. Expires at ${clockTime(command.deadline)}.`;
    case 'sent':
      if (command.handling?.qos === 0) return 'Sent at QoS 0: the broker confirms nothing.';
      if (command.pubackAt === undefined) return 'Sent, not confirmed.';
      return command.protocol === 5
        ? 'Sent, not confirmed. This broker may acknowledge what it does not pass on.'
        : 'Sent, not confirmed. MQTT 3.1.1 cannot say whether the broker passed it on, and it may still arrive late.';
    case 'accepted':
      if (command.elsewhere) return 'Seen on its way. Waiting for the device.';
      return 'Accepted by the broker. Waiting for the device.';
    case 'done':
      return command.provenBy === 'telemetry'
        ? 'Done, seen in telemetry.'
        : `Done, the device answered${afterWords(command)}.`;
    case 'failed':
      return error === ''
        ? `The device answered${afterWords(command)} that it failed.`
        : `The device answered${afterWords(command)}: ${error}`;
    case 'unanswered':
      if (command.elsewhere) return `The device did not answer by ${clockTime(command.deadline)}.`;
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

/** The same of a configuration that was asked for: it stands until another is asked for, so nothing of it comes late. */
function configWords(command: Command, error: string): string {
  switch (command.outcome) {
    case 'queued':
      return `Not sent yet. It goes before ${clockTime(command.deadline)} once the broker has said what is asked for now, if nobody else has changed that.`;
    case 'sent':
      return 'Sent, not confirmed by the broker.';
    case 'accepted':
      return error === ''
        ? 'The broker has it. Waiting for the device to report it.'
        : `The broker has it. ${error}`;
    case 'done':
      return command.args === null
        ? 'The broker has it: nothing is asked for any more.'
        : 'In force, the device reports it.';
    case 'failed':
      return error;
    case 'unanswered':
      return `Sent; the device had not reported it by ${clockTime(command.deadline)}. It stands until somebody asks for something else.`;
    case 'expired':
      return `Never sent: there was no link before ${clockTime(command.deadline)}.`;
    case 'refused':
      return error === '' ? 'Refused.' : error;
  }
}

/** What a person typed in place of a command; nothing, which is sent only retained, clears what is retained. */
export function rawWords(raw: string): string {
  return raw === '' ? 'what is retained, cleared' : raw;
}
