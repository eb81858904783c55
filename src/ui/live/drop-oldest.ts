import { isSettled, type Command } from '../../model/command.ts';

/** Drops settled commands, those that came first, until there are no more than `most` or all others are under way. */
export function dropOldest(commands: Map<string, Command>, most: number): void {
  for (const [id, { outcome }] of commands) {
    if (commands.size <= most) return;
    if (isSettled(outcome)) commands.delete(id);
  }
}
