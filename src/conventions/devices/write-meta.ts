import { sameJson } from '../../model/config/same-json.ts';
import type { CommandDescription, DescriptionDocument, DeviceDescription } from '../../model/device.ts';
import { isObject, MAX_PARSED_BYTES } from '../../model/payload.ts';
import { readDocument } from './meta.ts';
import { writeObject } from './write-object.ts';

const TEXTS = ['name', 'model', 'location', 'kind', 'interval', 'config'] as const;
const CHANNEL_FIELDS = ['name', 'unit', 'min', 'max', 'precision', 'kind'] as const;
const COMMAND_FIELDS = ['name', 'title', 'args', 'confirm', 'confirms'] as const;
const EMPTY: DeviceDescription = { channels: new Map(), commands: [] };

type Fields = Readonly<Record<string, unknown>>;

/**
 * `meta` as a description says it. Fields of `over` that the contract does not know stay, and so does, letter for letter,
 * every field that the description does not change: what was cut or left out when it was read is not lost by writing.
 */
export function writeMeta(
  description: DeviceDescription,
  over: DescriptionDocument | undefined,
): DescriptionDocument {
  const before = (over && readDocument(over).description) ?? EMPTY;
  const channels = writeChannels(description, before, over?.['channels']);
  const commands = writeCommands(description.commands, before.commands, over?.['commands']);
  return {
    ...patched(over ?? {}, before, description, TEXTS, ['channels', 'commands']),
    ...(channels && { channels }),
    ...(commands && { commands }),
  };
}

/**
 * The payload of `meta`; empty for none, by which MQTT deletes what is retained [MQTT-3.3.1-6].
 * @throws Error with one sentence when JSON cannot say all of it or nobody would read it
 */
export function writeDocument(document: DescriptionDocument | null): Uint8Array {
  if (document === null) return new Uint8Array();
  if (!isObject(document)) throw new Error('A description is a JSON object, such as {"name":"Pump 1"}.');
  const payload = writeObject('The description', document);
  if (payload.length > MAX_PARSED_BYTES) {
    throw new Error(
      `The description is ${payload.length} bytes long; no console reads more than ${MAX_PARSED_BYTES}. Take something out.`,
    );
  }
  return payload;
}

function writeChannels(description: DeviceDescription, before: DeviceDescription, over: unknown) {
  const raw = new Map(Object.entries(isObject(over) ? over : {}));
  // What could not be read as a channel was never shown: it is not the person's to take away.
  const kept = [...raw].filter(([name]) => !before.channels.has(name) && !description.channels.has(name));
  const said = [...description.channels].map(([name, channel]) => {
    const old = raw.get(name);
    const known = before.channels.get(name) ?? {};
    return [name, patched(isObject(old) ? old : {}, known, channel, CHANNEL_FIELDS)] as const;
  });
  return said.length + kept.length === 0 ? undefined : Object.fromEntries([...said, ...kept]);
}

function writeCommands(
  commands: readonly CommandDescription[],
  before: readonly CommandDescription[],
  over: unknown,
): readonly unknown[] | undefined {
  const raw = Array.isArray(over) ? (over as readonly unknown[]) : [];
  const known = new Map(before.map((command) => [command.name, command]));
  const nameOf = (one: unknown): unknown => (isObject(one) ? one['name'] : undefined);
  const names = new Set<unknown>(commands.map(({ name }) => name));
  const kept = raw.filter((one) => !names.has(nameOf(one)) && !known.has(nameOf(one) as string));
  const said = commands.map((command) => {
    const old = known.has(command.name) ? raw.find((one) => nameOf(one) === command.name) : undefined;
    return patched(isObject(old) ? old : {}, known.get(command.name) ?? {}, command, COMMAND_FIELDS);
  });
  return said.length + kept.length === 0 ? undefined : [...said, ...kept];
}

/** `raw` with the fields that changed from `before` to `after`; `without` are written elsewhere. */
function patched(
  raw: Fields,
  before: object,
  after: object,
  fields: readonly string[],
  without: readonly string[] = [],
): Fields {
  const document = new Map(Object.entries(raw).filter(([name]) => !without.includes(name)));
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  for (const field of fields) {
    const value: unknown = is.get(field);
    if (sameJson(was.get(field), value)) continue;
    if (value === undefined) document.delete(field);
    else document.set(field, value);
  }
  return Object.fromEntries(document);
}
