import type { Command, Outcome } from './command.ts';
import { nativeId, type DeviceKey } from './device.ts';

/** Which commands are wanted; what is missing does not matter. */
export interface CommandFilter {
  /** Words that all have to be found in what it is, to whom, by whom, or in the answer. */
  readonly text?: string;
  readonly outcome?: Outcome;
  readonly device?: DeviceKey;
}

/** Whether a command is one of those that are wanted. */
export function commandFits(command: Command, { text, outcome, device }: CommandFilter): boolean {
  if (outcome !== undefined && command.outcome !== outcome) return false;
  if (device !== undefined && command.device !== device) return false;
  const words = (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const found = searchText(command);
  return words.every((word) => found.includes(word));
}

function searchText(command: Command): string {
  const { id, device, name, args, raw, by, topic, outcome, result, error } = command;
  const parts = [
    id,
    nativeId(device),
    raw ?? `${name} ${json(args)}`,
    by,
    topic,
    outcome,
    json(result),
    error,
  ];
  return parts.join('\n').toLowerCase();
}

function json(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value);
}
