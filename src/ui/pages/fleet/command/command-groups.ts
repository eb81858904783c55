import type { DeviceRow } from '../../../../engine-api/frame.ts';
import type { CommandDescription, DeviceKey } from '../../../../model/device.ts';

/** A command that several devices describe in the same way, or any JSON, which all of them can be sent. */
export interface CommandGroup {
  /** Tells it from the others. */
  readonly id: string;
  /** Missing where it is JSON as typed. */
  readonly command?: CommandDescription;
  readonly keys: readonly DeviceKey[];
}

/** The group of all, for JSON as typed. */
export const ANY_JSON = 'json';

/** By command, since each device's crossed as an object of its own and stays until it describes itself anew. */
const ids = new WeakMap<CommandDescription, string>();

function idOf(command: CommandDescription): string {
  const id = ids.get(command) ?? JSON.stringify([command.name, command.args, command.confirms]);
  ids.set(command, id);
  return id;
}

/** What can be sent to several of the devices at once; what most of them take comes first, JSON last. */
export function commandGroups(rows: Iterable<DeviceRow>): readonly CommandGroup[] {
  const groups = new Map<string, { command: CommandDescription; keys: DeviceKey[] }>();
  const all: DeviceKey[] = [];
  for (const { key, description } of rows) {
    all.push(key);
    for (const command of description?.commands ?? []) {
      const id = idOf(command);
      const group = groups.get(id) ?? { command, keys: [] };
      groups.set(id, group);
      group.keys.push(key);
    }
  }
  return [...groups]
    .map(([id, group]): CommandGroup => ({ id, ...group }))
    .sort((a, b) => b.keys.length - a.keys.length)
    .concat({ id: ANY_JSON, keys: all });
}
