import type { SafeSchema } from '../../../model/device.ts';
import type { Field, Scalar } from './form-field.ts';

export function isSchema(value: unknown): value is SafeSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * The input for one value: a number, a text, a yes or no, a choice; `undefined` when the schema is of anything else. `unit` is for
 * a schema that names none.
 */
export function scalarField(
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
    unit: text(schema['unit']) ?? unit,
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
    const { minimum, maximum, multipleOf } = schema;
    return { ...base, kind: type, min: number(minimum), max: number(maximum), step: number(multipleOf) };
  }
  if (type === 'string') {
    const secret = schema['writeOnly'] === true;
    return { ...base, kind: 'text', maxLength: number(schema['maxLength']), ...(secret && { secret }) };
  }
  return undefined;
}
