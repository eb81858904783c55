import type { SafeSchema } from '../../../model/device.ts';
import type { FormField } from './form-field.ts';
import { listField } from './list-field.ts';
import { isSchema, scalarField, text } from './scalar-field.ts';

const MAX_FIELDS = 40;

/**
 * The inputs for a command's arguments: scalars, lists of scalars or of objects of them, and one level of objects with either.
 * `undefined` when the schema has anything else: then the arguments are typed as JSON. `unitOf` knows the unit of the
 * channel that is called like an argument, for a schema that names none.
 */
export function formFields(
  schema: SafeSchema | undefined,
  unitOf: (name: string) => string | undefined = () => undefined,
): readonly FormField[] | undefined {
  if (schema === undefined) return [];
  if (schema['type'] !== 'object' && schema['properties'] === undefined) {
    const only = listField(schema, [], true, undefined) ?? scalarField(schema, [], true, undefined);
    return only && [only];
  }
  const fields: FormField[] = [];
  const collect = (object: SafeSchema, path: readonly string[], needed: boolean): boolean => {
    const properties = object['properties'] ?? {};
    const required = Array.isArray(object['required']) ? object['required'] : [];
    if (!isSchema(properties)) return false;
    return Object.entries(properties).every(([name, property]) => {
      if (!isSchema(property)) return false;
      const isNeeded = needed && required.includes(name);
      if (property['type'] === 'object') return path.length === 0 && collect(property, [name], isNeeded);
      const input = [property, [...path, name], isNeeded, unitOf(name)] as const;
      const field = listField(...input) ?? scalarField(...input);
      if (field !== undefined) fields.push(path.length > 0 && needed ? { ...field, inNeeded: true } : field);
      return field !== undefined && fields.length <= MAX_FIELDS;
    });
  };
  return collect(schema, [], true) ? fields.map((field) => toldApart(field, fields, schema)) : undefined;
}

/** A field as it is, or with its object's name where another has the same label. */
function toldApart(field: FormField, all: readonly FormField[], schema: SafeSchema): FormField {
  const [outer, inner] = field.path;
  if (inner === undefined || all.every((other) => other === field || other.label !== field.label))
    return field;
  const properties = schema['properties'];
  const object = isSchema(properties) ? properties[outer ?? ''] : undefined;
  const name = (isSchema(object) ? text(object['title']) : undefined) ?? outer;
  return { ...field, label: `${name}: ${field.label}` };
}
