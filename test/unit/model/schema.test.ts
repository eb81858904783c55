import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/model/payload.ts';
import { MAX_SCHEMA_LENGTH, readSchema } from '../../../src/model/schema.ts';
import { validate } from '../../../src/model/validate.ts';

function why(schema: unknown): string {
  const reading = readSchema(schema);
  return reading.ok ? 'read' : reading.why;
}

function nested(levels: number): unknown {
  return levels === 1 ? { type: 'number' } : { properties: { a: nested(levels - 1) } };
}

describe('a schema from a device', () => {
  test('an ordinary one is kept as it is', () => {
    const schema = {
      type: 'object',
      title: 'Setpoint',
      properties: {
        value: { type: 'number', minimum: 5, maximum: 30, multipleOf: 0.5, default: 21 },
        mode: { enum: ['heat', 'cool'] },
        at: { type: ['string', 'null'], format: 'date-time' },
        steps: { type: 'array', items: { type: 'integer' }, maxItems: 4 },
        either: { oneOf: [{ const: 1 }, { type: 'string', maxLength: 3 }] },
      },
      required: ['value'],
      additionalProperties: false,
    };
    expect(readSchema(schema)).toEqual({ ok: true, schema });
  });

  test('what means nothing is dropped, also where it would reach the validator', () => {
    const schema = {
      $schema: 'x',
      id: 'http://[',
      'x-widget': { id: 'http://[' },
      format: 'regex',
      definitions: {},
      title: 'a',
    };
    expect(readSchema(schema)).toEqual({ ok: true, schema: { title: 'a' } });
  });

  test('the unit of a value is kept, and a unit that is no text means nothing', () => {
    const schema = { properties: { t: { type: 'number', unit: '°C' }, n: { type: 'number', unit: 5 } } };
    const kept = { properties: { t: { type: 'number', unit: '°C' }, n: { type: 'number' } } };
    expect(readSchema(schema)).toEqual({ ok: true, schema: kept });
  });

  test.each(['$ref', '$dynamicRef', '$recursiveRef', 'pattern', 'patternProperties', '$id', '$anchor'])(
    '%s is refused, however deep',
    (keyword) => {
      const part = { [keyword]: keyword === 'patternProperties' ? {} : '#' };
      const sentence = `uses "${keyword}", which is not read from a device; write it without`;
      for (const schema of [
        part,
        { properties: { a: part } },
        { anyOf: [true, part] },
        { items: { not: part } },
      ]) {
        expect(why(schema)).toBe(sentence);
      }
    },
  );

  test('a property may be called like a keyword', () => {
    expect(why({ properties: { pattern: { type: 'string' }, $ref: { type: 'string' } } })).toBe('read');
  });

  test('8 deep is read, 9 is not', () => {
    expect(why(nested(8))).toBe('read');
    expect(why(nested(9))).toBe('is more than 8 deep');
  });

  test('32 KB is the end', () => {
    expect(why({ title: 'x'.repeat(MAX_SCHEMA_LENGTH) })).toMatch(/^is 32780 characters long; at most/);
    expect(why({ title: 'x'.repeat(MAX_SCHEMA_LENGTH - 20) })).toBe('read');
  });

  test.each([
    [null, 'is not an object'],
    [[], 'is not an object'],
    [true, 'is not an object'],
    [{ type: 'float' }, 'has a "type" that is not a JSON type'],
    [{ type: ['string', 7] }, 'has a "type" that is not a JSON type'],
    [{ required: 'a' }, 'has a "required" that is not a list of names'],
    [{ enum: [] }, 'has a "enum" that is not a list with at least one value'],
    [{ minimum: '3' }, 'has a "minimum" that is not a number'],
    [{ maximum: Infinity }, 'has a "maximum" that is not a number'],
    [{ multipleOf: 0 }, 'has a "multipleOf" that is not a number above 0'],
    [{ maxLength: -1 }, 'has a "maxLength" that is not a whole number from 0'],
    [{ properties: [] }, 'has a "properties" that is not an object'],
    [{ properties: { a: 1 } }, 'has a "a" that holds no schema'],
    [{ items: [{}] }, 'has a "items" that holds no schema'],
    [{ anyOf: {} }, 'has a "anyOf" that is not a list'],
    [{ not: null }, 'has a "not" that holds no schema'],
    [{ properties: { '\ud800': {} } }, 'has a property "\ufffd" with half a character in its name'],
  ])('%j: %s', (schema, sentence) => {
    expect(why(schema)).toBe(sentence);
  });
});

describe('a value against its schema', () => {
  function complaints(schema: Record<string, unknown>, value: unknown): readonly string[] {
    const reading = readSchema(schema);
    if (!reading.ok) throw new Error(reading.why);
    return validate(reading.schema, value);
  }
  const of = (a: Record<string, unknown>) => ({ type: 'object', properties: { a } });

  test('a value that fits', () => {
    expect(complaints(of({ type: 'integer', minimum: 3 }), { a: 3 })).toEqual([]);
  });

  test.each([
    [of({ type: 'integer' }), { a: 2.5 }, '"a" must be a whole number.'],
    [of({ type: ['string', 'null'] }), { a: 1 }, '"a" must be a text or empty.'],
    [{ type: 'object' }, [], 'The value must be an object.'],
    [{ required: ['a"b'] }, {}, 'The value lacks "a"b".'],
    [of({ enum: ['heat', 2] }), { a: 'cool' }, '"a" must be one of "heat", 2.'],
    [of({ const: true }), { a: 1 }, '"a" must be true.'],
    [of({ minimum: 5 }), { a: 1 }, '"a" must be at least 5.'],
    [of({ maximum: 5 }), { a: 6 }, '"a" must be at most 5.'],
    [of({ exclusiveMinimum: 5 }), { a: 5 }, '"a" must be more than 5.'],
    [of({ exclusiveMaximum: 5 }), { a: 5 }, '"a" must be less than 5.'],
    [of({ multipleOf: 0.1 }), { a: 0.35 }, '"a" must be a multiple of 0.1.'],
    [of({ minLength: 2 }), { a: 'x' }, '"a" must have at least 2 characters.'],
    [of({ maxLength: 2 }), { a: 'xyz' }, '"a" must have at most 2 characters.'],
    [of({ minItems: 2 }), { a: [1] }, '"a" must have at least 2 entries.'],
    [of({ maxItems: 0 }), { a: [1] }, '"a" must have at most 0 entries.'],
    [of({ maxProperties: 0 }), { a: { b: 1 } }, '"a" must have at most 0 entries.'],
    [of({ items: { type: 'number' } }), { a: [1, 'x'] }, '"a.1" must be a number.'],
    [of({ format: 'date' }), { a: 'soon' }, '"a" must be a date such as 2026-01-31.'],
    [{ ...of({}), additionalProperties: false }, { b: 1 }, '"b" is not known to the device.'],
    [
      of({ oneOf: [{ type: 'string' }, { const: 1 }] }),
      { a: 2 },
      '"a" is none of the forms that the device takes.',
    ],
    [of({ not: { const: 0 } }), { a: 0 }, '"a" is a form that the device does not take.'],
    [{ if: of({ const: 1 }), then: { required: ['b'] } }, { a: 1 }, 'The value lacks "b".'],
    [{ properties: { 'ü/~%#': { type: 'number' } } }, { 'ü/~%#': '' }, '"ü/~%#" must be a number.'],
  ])('%j', (schema, value, sentence) => {
    expect(complaints(schema, value)).toEqual([sentence]);
  });

  test('a decimal step is exact', () => {
    expect(complaints({ multipleOf: 0.1 }, 0.3)).toEqual([]);
    expect(complaints({ multipleOf: 0.01 }, 1e300)).toEqual([]);
  });

  test('a hundred faults are ten sentences', () => {
    expect(complaints({ items: { type: 'string' } }, Array(100).fill(1))).toHaveLength(10);
  });

  test('the schema is not written on, frozen or not', () => {
    const schema = Object.freeze({
      type: 'object',
      properties: Object.freeze({ a: Object.freeze({ type: 'number' }) }),
    });
    expect(validate(schema, { a: 'x' })).toHaveLength(1);
    expect(Reflect.ownKeys(schema)).toEqual(['type', 'properties']);
  });

  test('names that every object inherits are still missing', () => {
    expect(complaints({ required: ['toString', 'constructor'] }, {})).toHaveLength(2);
  });

  test('a value with half a character in a name gets an answer, not an exception', () => {
    const value = parseJson('{"\\ud800":1}');
    expect(complaints({ additionalProperties: false }, value.ok && value.value)).toHaveLength(1);
  });
});
