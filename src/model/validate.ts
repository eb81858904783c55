import { Validator, type OutputUnit } from '@cfworker/json-schema';
import type { SafeSchema } from './device.ts';
import { cleanText, quote } from './foreign-text.ts';
import { isObject } from './payload.ts';

const MAX_SENTENCES = 10;

/** They only say that something inside them failed, and that stands beside them. */
const WRAPPERS = new Set(['properties', 'items', 'prefixItems', 'additionalProperties', 'if', 'allOf']);

const TYPE_WORDS = new Map([
  ['object', 'an object'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['null', 'empty'],
]);

const FORMAT_WORDS = new Map([
  ['date', 'a date such as 2026-01-31'],
  ['time', 'a time such as 13:45:00Z'],
  ['date-time', 'a date and time such as 2026-01-31T13:45:00Z'],
  ['ipv4', 'an IPv4 address such as 192.168.1.20'],
  ['uuid', 'a UUID'],
]);

/**
 * What is wrong with a value, one sentence each and at most 10; empty when it fits its schema. Never throws.
 *
 * For the page, not for the worker: when it is loaded, the library makes a URL of `self.location`, which throws in a
 * worker that was started from a blob of an address with a port.
 * @param schema from `readSchema`: the library itself follows references and runs patterns
 */
export function validate(schema: SafeSchema, value: unknown): readonly string[] {
  // A copy: the library writes its addresses on the schema.
  const copy = JSON.parse(JSON.stringify(schema)) as SafeSchema;
  let errors: readonly OutputUnit[];
  try {
    errors = new Validator(copy, '2020-12', false).validate(value).errors;
  } catch (error) {
    return [`The value cannot be checked: ${cleanText(String(error), 200)}.`];
  }
  // What failed inside an alternative is noise: any of them would have done.
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const told = errors.filter(
    ({ keyword, keywordLocation }) =>
      !WRAPPERS.has(keyword) &&
      !choices.some((choice) => keywordLocation.startsWith(`${choice.keywordLocation}/`)),
  );
  return [...new Set(told.map((unit) => sentence(copy, unit)))].slice(0, MAX_SENTENCES);
}

function sentence(schema: SafeSchema, unit: OutputUnit): string {
  const path = pointer(unit.instanceLocation);
  const what = path.length === 0 ? 'The value' : quote(path.join('.'));
  const limit = pointer(unit.keywordLocation).reduce(member, schema as unknown);
  return `${what} ${complaint(unit, limit)}.`;
}

function complaint({ keyword, error }: OutputUnit, limit: unknown): string {
  switch (keyword) {
    case 'type':
      return `must be ${[limit]
        .flat()
        .map((type) => TYPE_WORDS.get(String(type)) ?? String(type))
        .join(' or ')}`;
    case 'required':
      // The only place where the library says which name is missing.
      return `lacks ${quote(/"(.*)"/s.exec(error)?.[1] ?? '')}`;
    case 'enum':
      return `must be one of ${cleanText([limit].flat().map(json).join(', '), 200)}`;
    case 'const':
      return `must be ${cleanText(json(limit), 200)}`;
    case 'minimum':
      return `must be at least ${json(limit)}`;
    case 'maximum':
      return `must be at most ${json(limit)}`;
    case 'exclusiveMinimum':
      return `must be more than ${json(limit)}`;
    case 'exclusiveMaximum':
      return `must be less than ${json(limit)}`;
    case 'multipleOf':
      return `must be a multiple of ${json(limit)}`;
    case 'minLength':
      return `must have at least ${json(limit)} characters`;
    case 'maxLength':
      return `must have at most ${json(limit)} characters`;
    case 'minItems':
    case 'minProperties':
      return `must have at least ${json(limit)} entries`;
    case 'maxItems':
    case 'maxProperties':
      return `must have at most ${json(limit)} entries`;
    case 'format':
      return `must be ${FORMAT_WORDS.get(String(limit)) ?? String(limit)}`;
    case 'anyOf':
    case 'oneOf':
      return 'is none of the forms that the device takes';
    case 'not':
      return 'is a form that the device does not take';
    case 'false':
      return 'is not known to the device';
    default:
      return `does not fit: ${cleanText(error, 200)}`;
  }
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

/** The names in a JSON pointer in URI form, `#/a~1b/0` [RFC 6901, 6]. */
function pointer(location: string): readonly string[] {
  const parts = location.split('/').slice(1);
  return parts.map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function member(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
