import type { SafeSchema } from '../../../model/device.ts';
import { isObject } from '../../../model/payload.ts';
import type { Field, ListField, Row } from './form-field.ts';
import { isScalar, isSchema, number, scalarField, text } from './scalar-field.ts';

/** More would be typed as JSON sooner than in a form. */
const MAX_ROWS = 50;

/** The inputs for a list of scalars, or of objects of scalars; `undefined` when the schema is of anything else. */
export function listField(
  schema: SafeSchema,
  path: readonly string[],
  required: boolean,
  unit: string | undefined,
): ListField | undefined {
  if (schema['type'] !== 'array' || schema['enum'] !== undefined || schema['const'] !== undefined)
    return undefined;
  const { items, minItems, maxItems, default: preset } = schema;
  if (!isSchema(items) || schema['prefixItems'] !== undefined) return undefined;
  const inputs = inputsOf(items);
  const fewest = number(minItems) ?? 0;
  if (inputs === undefined || fewest > MAX_ROWS) return undefined;
  const proposed = Array.isArray(preset) ? preset.slice(0, MAX_ROWS) : undefined;
  const rows = proposed?.map((value) => rowOf(inputs, value)) ?? [];
  while (required && rows.length < fewest) rows.push(blankRow(inputs));
  return {
    kind: 'list',
    path,
    label: text(schema['title']) ?? path.at(-1) ?? 'Values',
    required,
    description: text(schema['description']),
    unit: text(schema['unit']) ?? inputs.find((input) => input.path.length === 0)?.unit ?? unit,
    inputs,
    min: fewest,
    max: Math.min(number(maxItems) ?? MAX_ROWS, MAX_ROWS),
    initial: required || proposed ? rows : '',
  };
}

/** What the inputs of a new entry hold. */
export function blankRow(inputs: readonly Field[]): Row {
  return inputs.map(({ initial }) => initial);
}

/** The entries of a list as the inputs show them; `undefined` when they cannot show all that is in it. */
export function rowsOf({ inputs }: ListField, value: unknown): readonly Row[] | undefined {
  const names = inputs.map(({ path: [name] }) => name);
  const fits = (entry: unknown): boolean =>
    names[0] === undefined
      ? isScalar(entry)
      : isObject(entry) &&
        Object.entries(entry).every(([name, part]) => names.includes(name) && isScalar(part));
  if (!Array.isArray(value) || value.length > MAX_ROWS || !value.every(fits)) return undefined;
  return value.map((entry) => rowOf(inputs, entry));
}

function inputsOf(items: SafeSchema): readonly Field[] | undefined {
  if (items['type'] !== 'object') {
    const only = scalarField(items, [], true, undefined);
    return only && [only];
  }
  const { properties, required } = items;
  if (!isSchema(properties)) return undefined;
  const names = Array.isArray(required) ? required : [];
  const inputs = Object.entries(properties).map(([name, property]) =>
    isSchema(property) ? scalarField(property, [name], names.includes(name), undefined) : undefined,
  );
  return inputs.length > 0 && inputs.every((input) => input !== undefined) ? inputs : undefined;
}

function rowOf(inputs: readonly Field[], value: unknown): Row {
  return inputs.map(({ path: [name], kind, initial }) => {
    const part =
      name === undefined ? value : isObject(value) && Object.hasOwn(value, name) ? value[name] : '';
    if (kind === 'boolean') return part === true;
    return isScalar(part) ? String(part) : initial;
  });
}
