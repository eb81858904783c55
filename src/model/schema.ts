import type { SafeSchema } from './device.ts';
import { quote } from './foreign-text.ts';
import { isObject } from './payload.ts';

/** Schemas inside each other. */
export const MAX_SCHEMA_DEPTH = 8;
/** UTF-16 units of the schema as JSON. */
export const MAX_SCHEMA_LENGTH = 32 * 1024;

/** A schema that may be used, or why not; `why` goes on from "The schema", without a full stop. */
export type SchemaReading =
  { readonly ok: true; readonly schema: SafeSchema } | { readonly ok: false; readonly why: string };

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

/** Linear to check, and a form has a field for them. Others are notes to the reader, so they are dropped. */
const FORMATS = new Set(['date', 'time', 'date-time', 'ipv4', 'uuid']);

/** References can loop, and a regular expression from a device can take for ever. */
const REFUSED = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'pattern',
  'patternProperties',
  '$id',
  '$anchor',
  '$dynamicAnchor',
]);

type Check = (value: unknown) => boolean;
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isText: Check = (value) => typeof value === 'string';
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);

/** Keywords that hold no schema: what they must be, and how to say it. */
const PLAIN = new Map<string, readonly [Check, string]>([
  ['title', [isText, 'a text']],
  ['description', [isText, 'a text']],
  ['default', [() => true, 'anything']],
  ['examples', [Array.isArray, 'a list']],
  ['const', [() => true, 'anything']],
  ['enum', [(value) => Array.isArray(value) && value.length > 0, 'a list with at least one value']],
  [
    'type',
    [(value) => (Array.isArray(value) ? value : [value]).every((t) => TYPES.has(t as string)), 'a JSON type'],
  ],
  ['format', [isText, 'a text']],
  ['required', [isTexts, 'a list of names']],
  ['minimum', [isNumber, 'a number']],
  ['maximum', [isNumber, 'a number']],
  ['exclusiveMinimum', [isNumber, 'a number']],
  ['exclusiveMaximum', [isNumber, 'a number']],
  ['multipleOf', [(value) => isNumber(value) && (value as number) > 0, 'a number above 0']],
  ['minLength', [isCount, 'a whole number from 0']],
  ['maxLength', [isCount, 'a whole number from 0']],
  ['minItems', [isCount, 'a whole number from 0']],
  ['maxItems', [isCount, 'a whole number from 0']],
  ['minProperties', [isCount, 'a whole number from 0']],
  ['maxProperties', [isCount, 'a whole number from 0']],
  ['readOnly', [(value) => typeof value === 'boolean', 'true or false']],
  ['writeOnly', [(value) => typeof value === 'boolean', 'true or false']],
]);

const HOLDS_SCHEMA = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else']);
const HOLDS_LIST = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);

/** Thrown inside {@link readSchema} only. */
class Refusal extends Error {}

/**
 * The safe part of a JSON Schema (2020-12) that a device sent. Known keywords are kept and checked for their form, and so
 * is `unit`; unknown ones mean nothing in JSON Schema and are dropped. Refused as a whole: references, `pattern`,
 * `patternProperties`, a keyword of the wrong form, more than {@link MAX_SCHEMA_DEPTH} deep or
 * {@link MAX_SCHEMA_LENGTH} long.
 * @param value from `readJson`, which bounds its depth
 */
export function readSchema(value: unknown): SchemaReading {
  if (!isObject(value)) return { ok: false, why: 'is not an object' };
  const length = JSON.stringify(value).length;
  if (length > MAX_SCHEMA_LENGTH) {
    return {
      ok: false,
      why: `is ${length} characters long; at most ${MAX_SCHEMA_LENGTH} are read`,
    };
  }
  try {
    return { ok: true, schema: readObject(value, MAX_SCHEMA_DEPTH) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, why: error.message };
    throw error;
  }
}

function readObject(value: Readonly<Record<string, unknown>>, depth: number): SafeSchema {
  if (depth === 0) throw new Refusal(`is more than ${MAX_SCHEMA_DEPTH} deep`);
  const safe: Record<string, unknown> = {};
  for (const [keyword, part] of Object.entries(value)) {
    if (REFUSED.has(keyword)) {
      throw new Refusal(`uses ${quote(keyword)}, which is not read from a device; write it without`);
    }
    const plain = PLAIN.get(keyword);
    if (plain !== undefined) {
      const [check, wanted] = plain;
      if (!check(part)) throw new Refusal(`has a ${quote(keyword)} that is not ${wanted}`);
      if (keyword !== 'format' || FORMATS.has(part as string)) safe[keyword] = part;
    } else if (keyword === 'unit') {
      // A note to the reader, and no keyword of JSON Schema: any other form of it means nothing.
      if (isText(part)) safe[keyword] = part;
    } else if (keyword === 'properties') {
      safe[keyword] = readProperties(part, depth - 1);
    } else if (HOLDS_SCHEMA.has(keyword)) {
      safe[keyword] = readPart(keyword, part, depth - 1);
    } else if (HOLDS_LIST.has(keyword)) {
      if (!Array.isArray(part)) throw new Refusal(`has a ${quote(keyword)} that is not a list`);
      safe[keyword] = part.map((item) => readPart(keyword, item, depth - 1));
    }
  }
  return safe;
}

function readPart(keyword: string, part: unknown, depth: number): SafeSchema | boolean {
  if (typeof part === 'boolean') return part;
  if (!isObject(part)) throw new Refusal(`has a ${quote(keyword)} that holds no schema`);
  return readObject(part, depth);
}

function readProperties(part: unknown, depth: number): Record<string, SafeSchema | boolean> {
  if (!isObject(part)) throw new Refusal('has a "properties" that is not an object');
  const safe: Record<string, SafeSchema | boolean> = {};
  for (const [name, schema] of Object.entries(part)) {
    // A half character cannot be part of the pointers that the validator writes.
    if (/\p{Surrogate}/u.test(name))
      throw new Refusal(`has a property ${quote(name)} with half a character in its name`);
    safe[name] = readPart(name, schema, depth);
  }
  return safe;
}
