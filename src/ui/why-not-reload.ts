import { isSettled } from '../model/command.ts';
import type { Command } from '../model/command.ts';

/** Why a reload would now cost somebody something, in one sentence; `undefined` when it would not. */
export function whyNotReload(formOpen: boolean, commands: Iterable<Command>): string | undefined {
  if (formOpen) return 'First send or leave the form that is being filled in.';
  for (const { outcome } of commands) {
    if (!isSettled(outcome)) return 'First a command that is on its way has to be settled.';
  }
  return undefined;
}
