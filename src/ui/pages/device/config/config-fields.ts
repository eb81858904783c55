import { member, pathKey, valueAt, type Path } from '../../../../model/config/differences.ts';
import { withPart } from '../../../../model/config/merge.ts';
import type { SafeSchema } from '../../../../model/device.ts';
import { isObject, parseJson } from '../../../../model/payload.ts';
import { formFields } from '../form-fields.ts';
import type { Entry, FormField } from '../form-field.ts';
import { rowsOf } from '../list-field.ts';
import { readDraft } from '../read-draft.ts';

/** What somebody typed or ticked, by {@link fieldKey}. */
export type Edits = ReadonlyMap<string, Entry>;

/** The configuration that a form stands for, or one sentence for each field that is wrong, by {@link fieldKey}; JSON has the key `''`. */
export type ConfigReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly wrong: ReadonlyMap<string, string> };

export const NO_EDITS: Edits = new Map();

/** With another entry in one field, or the field as it was. */
export function withEdit(edits: Edits, field: FormField, entry: Entry | undefined): Edits {
  const changed = new Map(edits);
  if (entry === undefined) changed.delete(fieldKey(field));
  else changed.set(fieldKey(field), entry);
  return changed;
}

/** A configuration that somebody typed as JSON. */
export function typedConfig(text: string): ConfigReading {
  const parsed = parseJson(text);
  if (parsed.ok && isObject(parsed.value)) return { ok: true, value: parsed.value };
  const why = parsed.ok
    ? 'A configuration is a JSON object, such as {"interval":10}.'
    : `What you typed ${parsed.why}.`;
  return { ok: false, wrong: new Map([['', why]]) };
}

/** A field by its place. */
export function fieldKey({ path }: { readonly path: Path }): string {
  return pathKey(path);
}

/**
 * The inputs for a configuration, without those that a device only reports; `undefined` where it has to be typed as JSON: there
 * is no schema, or one that a form cannot show. A list is one value: what two people put into it is decided as a whole.
 */
export function configFields(
  schema: SafeSchema | undefined,
  unitOf?: (name: string) => string | undefined,
): readonly FormField[] | undefined {
  const fields = schema && formFields(schema, unitOf);
  if (!schema || !fields || fields.length === 0) return undefined;
  if (fields.some(({ path }) => path.length === 0)) return undefined;
  return fields.filter(({ path }) => !isReadOnly(schema, path));
}

function isReadOnly(schema: SafeSchema, path: Path): boolean {
  const field = path.reduce<unknown>((at, name) => member(member(at, 'properties'), name), schema);
  return member(field, 'readOnly') === true;
}

/** Whether the inputs show all there is of their values in a configuration: what they cannot show they would lose. */
export function canShow(fields: readonly FormField[], config: unknown): boolean {
  return fields.every((field) => {
    const value = valueAt(config, field.path);
    return field.kind !== 'list' || value === undefined || rowsOf(field, value) !== undefined;
  });
}

/** What an input shows of a value; nothing where there is none, or one of another kind. */
export function entryOf(field: FormField, value: unknown): Entry {
  if (field.kind === 'list') return rowsOf(field, value) ?? '';
  if (field.kind === 'boolean') return value === true;
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/**
 * The configuration that comes of `start` and what somebody changed in the form. What they did not touch stays as it is, what is
 * no field included; a field that has to be there and is not goes as it is shown.
 */
export function draftConfig(
  fields: readonly FormField[],
  edits: Edits,
  start: unknown,
  shown: (field: FormField) => Entry,
): ConfigReading {
  const wrong = new Map<string, string>();
  let value: unknown = start ?? {};
  for (const field of fields) {
    const edit = edits.get(fieldKey(field));
    const isNeeded = field.required && valueAt(value, field.path) === undefined;
    if (edit === undefined && !isNeeded) continue;
    const reading = readDraft([field], [edit ?? shown(field)]);
    if (reading.ok) value = withPart(value, field.path, valueAt(reading.args, field.path));
    else wrong.set(fieldKey(field), reading.wrong.get(0) ?? '');
  }
  return wrong.size > 0 ? { ok: false, wrong } : { ok: true, value };
}
