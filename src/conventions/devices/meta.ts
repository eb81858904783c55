import type {
  ChannelDescription,
  ChannelKind,
  DescriptionDocument,
  DescriptionReading,
  SafeSchema,
} from '../../model/device.ts';
import { isChannelName, MAX_CHANNELS } from '../../model/flatten.ts';
import { isObject, readJson } from '../../model/payload.ts';
import { readSchema } from '../../model/schema.ts';
import { MetaFields } from './meta-fields.ts';
import { readCommands } from './meta-commands.ts';

const MAX_NAME = 80;
const MAX_UNIT = 16;
const LEAST_INTERVAL = 0.1; // s
const MOST_INTERVAL = 31 * 86_400; // s
const MOST_PRECISION = 10;
const MOST = Number.MAX_VALUE;

/** A description with whatever was wrong left out and named in `problems`. */
export interface MetaReading extends DescriptionReading {
  /** As it was published. */
  readonly document?: DescriptionDocument;
}

/**
 * Reads `meta`. Every field is optional and checked on its own; fields that the contract does not know are ignored.
 * Texts are cut (names at 80, units at 16 UTF-16 units).
 */
export function readMeta(payload: Uint8Array): MetaReading {
  const reading = readJson(payload);
  if (!reading.ok) return { problems: [`Meta ${reading.why}.`] };
  const meta = reading.value;
  if (!isObject(meta)) return { problems: ['Meta is not an object; send one such as {"name":"Pump 1"}.'] };
  return { ...readDocument(meta), document: meta };
}

/** As {@link readMeta}, from an object that `readJson` or `parseJson` has read. */
export function readDocument(meta: DescriptionDocument): DescriptionReading {
  const fields = new MetaFields();
  const description = {
    name: fields.text(meta, 'name', 'name', MAX_NAME),
    model: fields.text(meta, 'model', 'model', MAX_NAME),
    location: fields.text(meta, 'location', 'location', MAX_NAME),
    kind: fields.text(meta, 'kind', 'kind', MAX_NAME),
    interval: fields.number(meta, 'interval', 'interval', LEAST_INTERVAL, MOST_INTERVAL),
    channels: readChannels(fields, meta),
    commands: readCommands(fields, meta),
    config: readConfig(fields, meta),
  };
  return { description, problems: fields.problems() };
}

function readConfig(fields: MetaFields, meta: Readonly<Record<string, unknown>>): SafeSchema | undefined {
  if (meta['config'] === undefined || meta['config'] === null) return undefined;
  const schema = readSchema(meta['config']);
  if (schema.ok) return schema.schema;
  return fields.refuseSchema('config', schema.why);
}

function readChannels(
  fields: MetaFields,
  meta: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, ChannelDescription> {
  const channels = new Map<string, ChannelDescription>();
  for (const [name, value] of Object.entries(fields.object(meta, 'channels', 'channels') ?? {})) {
    const path = `channels.${name}`;
    if (channels.size === MAX_CHANNELS) {
      fields.refuse(path, `one of at most ${MAX_CHANNELS} channels`);
      break;
    }
    if (!isChannelName(name)) fields.refuse(path, 'a name that a channel can have');
    else if (!isObject(value)) fields.refuse(path, 'an object');
    else channels.set(name, readChannel(fields, value, path));
  }
  return channels;
}

function readChannel(
  fields: MetaFields,
  from: Readonly<Record<string, unknown>>,
  path: string,
): ChannelDescription {
  const min = fields.number(from, 'min', `${path}.min`, -MOST, MOST);
  const max = fields.number(from, 'max', `${path}.max`, -MOST, MOST);
  const upsideDown = min !== undefined && max !== undefined && min >= max;
  if (upsideDown) fields.refuse(`${path}.min`, 'less than "max"');
  return {
    name: fields.text(from, 'name', `${path}.name`, MAX_NAME),
    unit: fields.text(from, 'unit', `${path}.unit`, MAX_UNIT),
    min: upsideDown ? undefined : min,
    max: upsideDown ? undefined : max,
    precision: readPrecision(fields, from, path),
    kind: readKind(fields, from, path),
  };
}

function readPrecision(
  fields: MetaFields,
  from: Readonly<Record<string, unknown>>,
  path: string,
): number | undefined {
  const precision = fields.number(from, 'precision', `${path}.precision`, 0, MOST_PRECISION);
  if (precision === undefined || Number.isInteger(precision)) return precision;
  return fields.refuse(`${path}.precision`, 'a whole number of digits');
}

function readKind(
  fields: MetaFields,
  from: Readonly<Record<string, unknown>>,
  path: string,
): ChannelKind | undefined {
  const kind = from['kind'] ?? undefined;
  if (kind === undefined || kind === 'number' || kind === 'boolean' || kind === 'text') return kind;
  return fields.refuse(`${path}.kind`, '"number", "boolean" or "text"');
}
