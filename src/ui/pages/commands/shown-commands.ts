import { commandFits, type CommandFilter } from '../../../model/command-filter.ts';
import { isSettled, type Command } from '../../../model/command.ts';

/**
 * What is shown: the fetched ones as they are by now, and those that are new. First what is under way, since somebody may
 * want to take it back; then the newest.
 */
export function shownCommands(
  stored: readonly Command[],
  next: number | undefined,
  live: ReadonlyMap<string, Command>,
  filter: CommandFilter,
): readonly Command[] {
  const found = new Map<string, Command>();
  for (const command of stored) {
    const now = live.get(command.id) ?? command;
    if (commandFits(now, filter)) found.set(now.id, now);
  }
  for (const command of live.values()) {
    // Of what is older than the fetched part, some would be missing in between.
    const reached = next === undefined || command.createdAt >= next || !isSettled(command.outcome);
    if (reached && commandFits(command, filter)) found.set(command.id, command);
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(isSettled(a.outcome)) - Number(isSettled(b.outcome)) ||
      b.createdAt - a.createdAt ||
      (a.batch?.place ?? 0) - (b.batch?.place ?? 0),
  );
}
