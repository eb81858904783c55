import type { Value } from '../model/sample.ts';

/** One argument, in JSON Schema. `unit` is an annotation for the form. */
export type ArgSchema = {
  readonly type: 'number' | 'integer' | 'boolean' | 'string';
  readonly title?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly default?: Value;
};

/** The arguments of a command or the members of a configuration, in JSON Schema. */
export type ArgsSchema = {
  readonly type: 'object';
  readonly properties: { readonly [name: string]: ArgSchema };
  readonly required?: readonly string[];
  readonly additionalProperties: false;
};

/** A schema in which every member must be given. */
export function requiredArgs(properties: ArgsSchema['properties']): ArgsSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** A schema in which every member may be left out. */
export function optionalArgs(properties: ArgsSchema['properties']): ArgsSchema {
  return { type: 'object', properties, additionalProperties: false };
}

/** Arguments that have been checked. A Map, because the names came from outside. */
export type Args = ReadonlyMap<string, Value>;

function wrong(name: string, schema: ArgSchema, value: unknown): string | undefined {
  if (schema.type === 'boolean') {
    return typeof value === 'boolean' ? undefined : `"${name}" must be true or false.`;
  }
  if (schema.type === 'string') {
    if (typeof value !== 'string') return `"${name}" must be a text.`;
    if (schema.enum === undefined || schema.enum.includes(value)) return undefined;
    return `"${name}" must be one of ${schema.enum.join(', ')}.`;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return `"${name}" must be a number.`;
  if (schema.type === 'integer' && !Number.isInteger(value)) return `"${name}" must be a whole number.`;
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (value >= minimum && value <= maximum) return undefined;
  return `"${name}" must be between ${minimum} and ${maximum}.`;
}

/**
 * Checks what a console sent against the device's own schema, as far as {@link ArgsSchema} goes.
 * Without a schema a command takes no arguments. Never throws; a refusal is one sentence.
 */
export function checkArgs(
  schema: ArgsSchema | undefined,
  value: unknown,
): { readonly args: Args; readonly error?: undefined } | { readonly error: string } {
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) return { error: 'The arguments must be an object.' };
  const properties = new Map(Object.entries(schema?.properties ?? {}));
  const args = new Map<string, Value>();
  for (const [name, entry] of Object.entries(given)) {
    const property = properties.get(name);
    if (property === undefined) return { error: `"${name.slice(0, 40)}" is not an argument of this.` };
    const error = wrong(name, property, entry);
    if (error !== undefined) return { error };
    args.set(name, entry as Value);
  }
  const missing = schema?.required?.find((name) => !args.has(name));
  return missing === undefined ? { args } : { error: `"${missing}" is missing.` };
}
