import { sameJson } from '../../../../model/config/same-json.ts';
import type { SafeSchema } from '../../../../model/device.ts';
import { quote } from '../../../../model/foreign-text.ts';
import { isObject } from '../../../../model/payload.ts';
import { readSchemaText } from './command-draft.ts';
import { Reading } from './reading.ts';

export const FIELD_TYPES = ['number', 'integer', 'boolean', 'string', 'choice'] as const;

/** One setting in the form. */
export interface FieldDraft {
  name: string;
  title: string;
  type: (typeof FIELD_TYPES)[number];
  min: string;
  max: string;
  /** Of a choice, between commas. */
  choices: string;
  secret: boolean;
}

/** The settings of a device in the form: as fields, or as a JSON Schema. */
export interface ConfigDraft {
  asJson: boolean;
  fields: FieldDraft[];
  schema: string;
}

export function newField(): FieldDraft {
  return { name: '', title: '', type: 'number', min: '', max: '', choices: '', secret: false };
}

/** The form for a schema. One that the fields cannot say whole is shown as JSON. */
export function configDraft(schema: SafeSchema | undefined): ConfigDraft {
  if (schema === undefined) return { asJson: false, fields: [], schema: '' };
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const fields = properties.map(([name, property]) => fieldDraft(name, isObject(property) ? property : {}));
  const draft = { asJson: false, fields, schema: '' };
  if (sameJson(readConfigDraft(draft, new Reading()), schema)) return draft;
  return { asJson: true, fields: [], schema: JSON.stringify(schema, null, 2) };
}

function fieldDraft(name: string, schema: SafeSchema): FieldDraft {
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const options: unknown = schema['enum'];
  const type = FIELD_TYPES.find((one) => one === schema['type']) ?? 'string';
  return {
    name,
    title: text(schema['title']),
    type: Array.isArray(options) ? 'choice' : type,
    min: text(schema['minimum']),
    max: text(schema['maximum']),
    choices: Array.isArray(options) ? options.map(text).join(', ') : '',
    secret: schema['writeOnly'] === true,
  };
}

/** The schema that the form says; nothing where there are no settings. What is wrong goes to `reading`. */
export function readConfigDraft(draft: ConfigDraft, reading: Reading): SafeSchema | undefined {
  if (draft.asJson) {
    return draft.schema.trim() === ''
      ? undefined
      : readSchemaText(draft.schema, 'The configuration', reading);
  }
  if (draft.fields.length === 0) return undefined;
  const properties = new Map<string, SafeSchema>();
  for (const field of draft.fields) {
    const name = field.name.trim();
    if (name === '') reading.fault('A setting has no name: type what the device calls it, such as interval.');
    else if (properties.has(name))
      reading.fault(`Two settings are called ${quote(name)}: rename one of them.`);
    else properties.set(name, readField(field, name, reading));
  }
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function readField(field: FieldDraft, name: string, reading: Reading): SafeSchema {
  const title = reading.text(field.title);
  const named = title === undefined ? {} : { title };
  if (field.type === 'choice') {
    const choices = field.choices.split(',').flatMap((choice) => reading.text(choice) ?? []);
    if (choices.length === 0)
      reading.fault(`The setting ${quote(name)} has no choices: type them between commas.`);
    return { type: 'string', ...named, enum: choices };
  }
  if (field.type === 'string') return { type: 'string', ...named, ...(field.secret && { writeOnly: true }) };
  if (field.type === 'boolean') return { type: 'boolean', ...named };
  const minimum = reading.number(field.min, `The least value of ${quote(name)}`);
  const maximum = reading.number(field.max, `The greatest value of ${quote(name)}`);
  if (minimum !== undefined && maximum !== undefined && minimum >= maximum)
    reading.fault(`The least value of ${quote(name)} must be below the greatest: change one of them.`);
  return {
    type: field.type,
    ...named,
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}
