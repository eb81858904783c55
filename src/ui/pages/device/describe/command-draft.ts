import { sameJson } from '../../../../model/config/same-json.ts';
import type { CommandDescription, SafeSchema } from '../../../../model/device.ts';
import { quote } from '../../../../model/foreign-text.ts';
import { isObject, parseJson } from '../../../../model/payload.ts';
import { readSchema } from '../../../../model/schema.ts';
import type { Value } from '../../../../model/sample.ts';
import type { Reading } from './reading.ts';

export type Template = 'switch' | 'value' | 'button' | 'json';

/** One command in the form. */
export interface CommandDraft {
  name: string;
  title: string;
  template: Template;
  /** What the value is called in the arguments: of `switch` and `value`. */
  argument: string;
  min: string;
  max: string;
  /** JSON Schema as typed: of `json`. */
  schema: string;
  confirm: boolean;
  /** The channel that shows that it was carried out; empty for none. */
  channel: string;
  equals: string;
}

/** A new command, from a template. */
export function newCommand(template: Template): CommandDraft {
  return {
    name: '',
    title: '',
    template,
    argument: template === 'switch' ? 'on' : 'value',
    min: '',
    max: '',
    schema: template === 'json' ? '{"type":"object"}' : '',
    confirm: false,
    channel: '',
    equals: '',
  };
}

/** The form for a command. One that no template says is shown as JSON. */
export function commandDraft(command: CommandDescription): CommandDraft {
  const { args, confirms } = command;
  const draft = {
    ...newCommand(args === undefined ? 'button' : 'json'),
    name: command.name,
    title: command.title ?? '',
    schema: args === undefined ? '' : JSON.stringify(args),
    confirm: command.confirm ?? false,
    channel: confirms?.channel ?? '',
    equals: confirms === undefined ? '' : valueText(confirms.equals),
  };
  const [argument, ...more] = Object.entries(isObject(args?.['properties']) ? args['properties'] : {});
  if (argument === undefined || more.length > 0 || !isObject(argument[1])) return draft;
  const [name, { type, minimum, maximum }] = argument;
  const limit = (value: unknown): string => (typeof value === 'number' ? String(value) : '');
  const guess: CommandDraft = {
    ...draft,
    template: type === 'boolean' ? 'switch' : 'value',
    argument: name,
    min: limit(minimum),
    max: limit(maximum),
  };
  return sameJson(schemaOf(guess), args) ? { ...guess, schema: '' } : draft;
}

/** The arguments of a template. */
function schemaOf(
  draft: Pick<CommandDraft, 'template' | 'argument'> & { min?: unknown; max?: unknown },
): SafeSchema | undefined {
  if (draft.template === 'button' || draft.template === 'json') return undefined;
  const limit = (keyword: string, value: unknown) =>
    value === undefined || value === '' ? {} : { [keyword]: Number(value) };
  const value =
    draft.template === 'switch'
      ? { type: 'boolean' }
      : { type: 'number', ...limit('minimum', draft.min), ...limit('maximum', draft.max) };
  return { type: 'object', properties: { [draft.argument]: value }, required: [draft.argument] };
}

/** The command that the form says; what is wrong goes to `reading`. */
export function readCommandDraft(draft: CommandDraft, reading: Reading): CommandDescription {
  const name = draft.name.trim();
  const of = `of the command ${quote(name)}`;
  if (name === '') reading.fault('A command has no name: type what the device listens to, such as set.');
  if (name.length > 64) reading.fault(`The name ${of} is longer than 64 characters: shorten it.`);
  return {
    name,
    title: reading.text(draft.title),
    args: readArguments(draft, of, reading),
    confirm: draft.confirm || undefined,
    confirms: draft.channel === '' ? undefined : readConfirms(draft, of, reading),
  };
}

function readArguments(draft: CommandDraft, of: string, reading: Reading): SafeSchema | undefined {
  if (draft.template === 'button') return undefined;
  if (draft.template === 'json') return readSchemaText(draft.schema, `The arguments ${of}`, reading);
  const argument = draft.argument.trim();
  if (argument === '')
    return reading.fault(`The value ${of} has no name in the JSON: type one, such as value.`);
  const min = reading.number(draft.min, `The least value ${of}`);
  const max = reading.number(draft.max, `The greatest value ${of}`);
  if (min !== undefined && max !== undefined && min >= max)
    return reading.fault(`The least value ${of} must be below the greatest: change one of them.`);
  return schemaOf({ template: draft.template, argument, min, max });
}

/** A JSON Schema as typed; `subject` begins the sentence about a wrong one. */
export function readSchemaText(text: string, subject: string, reading: Reading): SafeSchema | undefined {
  const json = parseJson(text);
  if (!json.ok) return reading.fault(`${subject}: the schema ${json.why}.`);
  const schema = readSchema(json.value);
  if (!schema.ok) return reading.fault(`${subject}: the schema ${schema.why}.`);
  return schema.schema;
}

function readConfirms(draft: CommandDraft, of: string, reading: Reading): CommandDescription['confirms'] {
  const typed = draft.equals.trim();
  if (typed === '')
    return reading.fault(
      `The confirmation ${of} has no value: type what ${quote(draft.channel)} then shows.`,
    );
  return { channel: draft.channel, equals: typedValue(typed) };
}

/** A text that reads as a number or as true or false is written in quotes. */
function valueText(value: Value): string {
  return typeof value === 'string' && typedValue(value) !== value ? JSON.stringify(value) : String(value);
}

function typedValue(typed: string): Value {
  if (typed === 'true' || typed === 'false') return typed === 'true';
  const quoted = /^"(.*)"$/.exec(typed)?.[1];
  if (quoted !== undefined) return quoted;
  const number = Number(typed.replace(',', '.'));
  return Number.isFinite(number) ? number : typed;
}
