import { readFileSync } from 'node:fs';
import { Validator, type Schema } from '@cfworker/json-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePolicy } from '../../../broker-config/parse-policy.ts';

const schema = JSON.parse(readFileSync('broker-config/roles.schema.json', 'utf8')) as Schema;
const foreign = readFileSync('test/fixtures/foreign-roles.yaml', 'utf8');

const fits = (text: string) => new Validator(schema, '2020-12', false).validate(parse(text)).valid;

test.each(['broker-config/roles.yaml', 'test/fixtures/foreign-roles.yaml'])('%s fits the schema', (file) => {
  expect(fits(readFileSync(file, 'utf8'))).toBe(true);
});

test('our own file names the schema, so that an editor completes it', () => {
  expect(readFileSync('broker-config/roles.yaml', 'utf8')).toContain('$schema=./roles.schema.json');
});

// What an editor underlines, the compiler refuses as well.
test.each([
  ['a key that is not there', 'limits:', 'limit:'],
  ['a deny', 'clear_retained: true', "deny: ['yard/#']"],
  ['a root with a wildcard', '[plant/hall-2, yard]', '[plant/+, yard]'],
  ['a long session', 'session_expiry: 1800', 'session_expiry: 86400'],
  ['a # before the end', 'yard/#', 'yard/#/x'],
  ['a wildcard before all', 'yard/+/+/level', '+/+/+/level'],
  ['a role of two lines', 'visitor', '"visi\\ntor"'],
  ['a username with a dot', 'vera: visitor', 've.ra: visitor'],
  ['any origin', 'https://console.plant.example', '*'],
])('%s fits neither', (_what, from, to) => {
  expect(foreign).toContain(from);
  expect(fits(foreign.replace(from, to))).toBe(false);
  expect(parsePolicy(foreign.replace(from, to)).ok).toBe(false);
});
