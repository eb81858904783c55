import type { SafeSchema } from '../../../model/device.ts';

export type Scalar = string | number | boolean;

/** One input of a command's form. */
export interface Field {
  /** Where its value stands in the arguments; empty when it is the arguments. */
  readonly path: readonly string[];
  readonly label: string;
  readonly kind: 'number' | 'integer' | 'boolean' | 'choice' | 'text';
  readonly required: boolean;
  readonly description?: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly maxLength?: number;
  readonly choices: readonly Scalar[];
  /** What the input starts with: the text typed, or whether a box is ticked. */
  readonly initial: string | boolean;
}

/** What a form holds before it is read; one entry a field. */
export type Draft = (string | boolean)[];

const MAX_FIELDS = 40;

function isSchema(value: unknown): value is SafeSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function scalarField(
  schema: SafeSchema,
  path: readonly string[],
  required: boolean,
  unit: string | undefined,
): Field | undefined {
  const name = path.at(-1) ?? 'Value';
  const { type, default: preset } = schema;
  const initial = isScalar(preset) ? String(preset) : '';
  const base = {
    path,
    label: text(schema['title']) ?? name,
    required,
    description: text(schema['description']),
    unit,
    choices: [],
    initial,
  };
  const options = schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']]);
  if (Array.isArray(options)) {
    if (!options.every(isScalar)) return undefined;
    // A device may list a choice twice; what reads the same is one choice, the first.
    const choices = options.filter(
      (option, i) => options.findIndex((o) => String(o) === String(option)) === i,
    );
    const only = required && choices.length === 1 ? String(choices[0]) : initial;
    return { ...base, kind: 'choice', choices, initial: only };
  }
  if (type === 'boolean') {
    // A box has no third state: left alone, an optional one would say "off" without having been asked.
    if (!required && typeof preset !== 'boolean') return { ...base, kind: 'choice', choices: [true, false] };
    return { ...base, kind: 'boolean', initial: preset === true };
  }
  if (type === 'number' || type === 'integer') {
    return { ...base, kind: type, min: number(schema['minimum']), max: number(schema['maximum']) };
  }
  if (type === 'string') return { ...base, kind: 'text', maxLength: number(schema['maxLength']) };
  return undefined;
}

/**
 * The inputs for a command's arguments: scalars, objects of them, and one more level of objects. `undefined` when the
 * schema has anything else: then the arguments are typed as JSON. `unitOf` knows the unit of the channel that is called
 * like an argument.
 */
export function formFields(
  schema: SafeSchema | undefined,
  unitOf: (name: string) => string | undefined = () => undefined,
): readonly Field[] | undefined {
  if (schema === undefined) return [];
  if (schema['type'] !== 'object' && schema['properties'] === undefined) {
    const only = scalarField(schema, [], true, undefined);
    return only && [only];
  }
  const fields: Field[] = [];
  const collect = (object: SafeSchema, path: readonly string[], needed: boolean): boolean => {
    const properties = object['properties'] ?? {};
    const required = Array.isArray(object['required']) ? object['required'] : [];
    if (!isSchema(properties)) return false;
    return Object.entries(properties).every(([name, property]) => {
      if (!isSchema(property)) return false;
      const isNeeded = needed && required.includes(name);
      if (property['type'] === 'object') return path.length === 0 && collect(property, [name], isNeeded);
      const field = scalarField(property, [...path, name], isNeeded, unitOf(name));
      if (field !== undefined) fields.push(field);
      return field !== undefined && fields.length <= MAX_FIELDS;
    });
  };
  return collect(schema, [], true) ? fields : undefined;
}
