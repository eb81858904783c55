import type { CommandDescription, SafeSchema } from '../../model/device.ts';
import { isChannelName, MAX_TEXT } from '../../model/flatten.ts';
import { isObject } from '../../model/payload.ts';
import { readSchema } from '../../model/schema.ts';
import type { MetaFields } from './meta-fields.ts';

const MAX_COMMANDS = 50;
const MAX_TITLE = 80;
/** A name is sent back to the device, so it is taken as it is or not at all. */
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The commands of a `meta`. One whose name or argument schema is wrong is left out as a whole: a form without its
 * limits would send what the device did not mean to allow.
 */
export function readCommands(fields: MetaFields, meta: Fields): readonly CommandDescription[] {
  const commands = new Map<string, CommandDescription>();
  for (const [i, value] of (fields.list(meta, 'commands', 'commands') ?? []).entries()) {
    const path = `commands.${i}`;
    if (commands.size === MAX_COMMANDS) {
      fields.refuse(path, `one of at most ${MAX_COMMANDS} commands`);
      break;
    }
    const command = readCommand(fields, value, path);
    if (command === undefined) continue;
    if (commands.has(command.name)) fields.refuse(`${path}.name`, 'a name that no other command has');
    else commands.set(command.name, command);
  }
  return [...commands.values()];
}

function readCommand(fields: MetaFields, from: unknown, path: string): CommandDescription | undefined {
  if (!isObject(from)) return fields.refuse(path, 'an object');
  const name = from['name'];
  if (typeof name !== 'string' || !NAME.test(name)) {
    return fields.refuse(`${path}.name`, 'a text of 1 to 64 characters that can be shown');
  }
  const args = from['args'] ?? undefined;
  let schema: SafeSchema | undefined;
  if (args !== undefined) {
    const reading = readSchema(args);
    if (!reading.ok) return fields.refuseSchema(`${path}.args`, reading.why);
    schema = reading.schema;
  }
  return {
    name,
    title: fields.text(from, 'title', `${path}.title`, MAX_TITLE),
    args: schema,
    confirm: fields.flag(from, 'confirm', `${path}.confirm`),
    confirms: readConfirms(fields, from, path),
  };
}

function readConfirms(fields: MetaFields, from: Fields, path: string): CommandDescription['confirms'] {
  const confirms = fields.object(from, 'confirms', `${path}.confirms`);
  if (confirms === undefined) return undefined;
  const { channel, equals } = confirms;
  if (typeof channel !== 'string' || !isChannelName(channel)) {
    return fields.refuse(`${path}.confirms.channel`, 'the name of a channel');
  }
  if (
    typeof equals === 'boolean' ||
    (typeof equals === 'number' && Number.isFinite(equals)) ||
    (typeof equals === 'string' && equals.length <= MAX_TEXT)
  ) {
    return { channel, equals };
  }
  return fields.refuse(`${path}.confirms.equals`, 'a number, a text, true or false');
}
