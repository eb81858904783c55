import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../broker-config/default-limits.ts';
import { ROLES_FILE } from '../../../broker-config/load-policy.ts';
import { parsePolicy } from '../../../broker-config/parse-policy.ts';
import { refusalLine } from '../../../broker-config/refusal.ts';

const ROLES = `version: 1
topics:
  root: plant/line-1
roles:
  viewer:
    subscribe: [plant/line-1/+/status, 'telltale/policy/{username}']
  admin:
    clear_retained: true
    publish: [plant/line-1/+/meta]
  device:
    bind_client_id: true
    subscribe: ['plant/line-1/{id}/cmd']
    publish: ['plant/line-1/{id}/status']
principals:
  anna: viewer
  root: admin
  pump-1: device
  gate: { role: device, id: gate-7 }
`;

function refusals(text: string): readonly string[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.refusals.map((refusal) => refusalLine('roles.yaml', refusal));
}

/** The accepted file with one piece of it replaced. */
function changed(from: string, to: string): string {
  expect(ROLES).toContain(from);
  return ROLES.replace(from, to);
}

test('a good file becomes principals with every placeholder filled in', () => {
  const parsed = parsePolicy(ROLES);
  expect(parsed).toEqual({
    ok: true,
    policy: {
      roots: ['plant/line-1'],
      clearable: ['plant/line-1/+/meta', 'plant/line-1/+/status'],
      endpoints: [],
      origins: [],
      limits: DEFAULT_LIMITS,
      principals: [
        {
          username: 'anna',
          role: 'viewer',
          subscribe: ['plant/line-1/+/status', 'telltale/policy/anna'],
          publish: [],
          clearRetained: false,
        },
        {
          username: 'root',
          role: 'admin',
          subscribe: [],
          publish: ['plant/line-1/+/meta'],
          clearRetained: true,
        },
        {
          username: 'pump-1',
          role: 'device',
          subscribe: ['plant/line-1/pump-1/cmd'],
          publish: ['plant/line-1/pump-1/status'],
          clearRetained: false,
          id: 'pump-1',
          clientId: 'pump-1',
        },
        {
          username: 'gate',
          role: 'device',
          subscribe: ['plant/line-1/gate-7/cmd'],
          publish: ['plant/line-1/gate-7/status'],
          clearRetained: false,
          id: 'gate-7',
          clientId: 'gate-7',
        },
      ],
    },
  });
});

test("the repository's own file is accepted", () => {
  expect(refusals(readFileSync(ROLES_FILE, 'utf8'))).toEqual([]);
});

describe("a username or device id that is a wildcard or a separator somewhere, or Telltale's own", () => {
  test.each([
    'telltale-control',
    'telltale-routes',
    'telltale-witness',
    'a.b',
    'a*',
    'a>b',
    'a b',
    'a/b',
    'a+',
    'a#b',
    'ä',
    'a'.repeat(65),
    'a\\nuser admin',
  ])('%j', (name) => {
    expect(refusals(changed('pump-1: device', `"${name}": device`))[0]).toMatch(
      /^roles\.yaml:17: The username "/,
    );
    expect(refusals(changed('id: gate-7', `id: "${name}"`))[0]).toMatch(/^roles\.yaml:18: The device id "/);
  });
});

test('the name of a role that would be a line more in a generated file', () => {
  const name = '"x\\nuser anna\\ntopic readwrite #"';
  expect(refusals(ROLES.replaceAll('viewer', name))[0]).toMatch(/^roles\.yaml:5: The role "x\\nuser/);
});

describe('a filter of a role', () => {
  const filter = (text: string) => changed('plant/line-1/+/meta', `"${text}"`);
  test.each([
    ['plant/#/meta', '"#" must be the last level'],
    ['plant/line#', 'a level of its own'],
    ['plant/a+/meta', 'a level of its own'],
    ['plant//meta', 'empty level'],
    ['/plant/meta', 'empty level'],
    ['plant/*/meta', 'MQTT has "+" and "#"'],
    ['plant/>', 'MQTT has "+" and "#"'],
    ['plant/my meta', 'a space or a control character'],
    ['plant/x\\nuser y', 'a space or a control character'],
    ['$SYS/#', 'belong to the broker itself'],
    ['$CONTROL/a b', 'belong to the broker itself'],
    ['plant/v1.2/meta', 'has the level "v1.2"'],
    ['plant/a|b/meta', 'has the level "a|b"'],
    ['$share/group/plant/x', 'belong to the broker itself'],
    ['plant/{name}/meta', 'unknown placeholder "{name}"'],
    ['plant/{id/meta', 'unknown placeholder "{id"'],
    ['plant/id}/meta', 'unknown placeholder "}"'],
    ['#', 'begins with a wildcard'],
    ['+/line-1/+/meta', 'begins with a wildcard'],
    ['plant/#', "publish a device's status"],
    ['plant/+/+/+', "publish a device's status"],
    ['plant/line-1/#', "publish a device's status"],
    ['plant/line-1/pump-1/status', "publish a device's status"],
    ['plant/line-1/+/telemetry', "publish a device's telemetry"],
    ['plant/line-1/+/{username}', "publish a device's status"],
    ['plant/line-1/+/status/#', "publish a device's status"],
  ])('%s is refused with its line', (text, reason) => {
    const [first = ''] = refusals(filter(text));
    expect(first).toMatch(/^roles\.yaml:9: The filter "/);
    expect(first).toContain(reason);
  });

  test.each(['plant/line-1/+/cmd', 'telltale/#', 'plant/line-2/+/meta', 'plant/line-1/+/{username}/x'])(
    '%s is accepted',
    (text) => {
      expect(refusals(filter(text))).toEqual([]);
    },
  );

  test('a device role may publish status, and a gateway for others too', () => {
    expect(refusals(changed("['plant/line-1/{id}/status']", '[plant/line-1/+/status]'))).toEqual([]);
  });
});

describe('everything else that is wrong', () => {
  test.each([
    ['not yaml', 'version: 1', 'version: [1', 2],
    ['a list where a mapping belongs', '\n  root: plant/line-1', ' [plant]', 2],
    ['another version', 'version: 1', 'version: 2', 1],
    ['no version', 'version: 1\n', '', 1],
    ['a key that nobody knows', '  root: plant/line-1', '  root: plant/line-1\n  color: red', 4],
    ['a deny', 'clear_retained: true', 'deny: [plant/#]', 8],
    ['a flag that is a text', 'clear_retained: true', 'clear_retained: yes please', 8],
    ['a filter twice', '[plant/line-1/+/meta]', '[plant/line-1/+/meta, plant/line-1/+/meta]', 9],
    ['a filter that is a number', '[plant/line-1/+/meta]', '[7]', 9],
    ['filters that are one text', '[plant/line-1/+/meta]', 'plant/line-1/+/meta', 9],
    ['a role twice', '  admin:', '  viewer:', 7],
    ['a principal twice', '  root: admin', '  anna: admin', 16],
    ['a device id twice', 'id: gate-7', 'id: pump-1', 18],
    ['a role that is not there', 'anna: viewer', 'anna: viewers', 15],
    ['a person with an id', 'anna: viewer', 'anna: { role: viewer, id: x }', 15],
    ['a username that is a number', 'anna: viewer', '17: viewer', 15],
    ['a device that may clear', 'bind_client_id: true', 'bind_client_id: true\n    clear_retained: true', 12],
    ['a root with a wildcard', 'root: plant/line-1', 'root: plant/+', 3],
    ['a root within a root', 'root: plant/line-1', 'roots: [plant, plant/line-1]', 3],
    ['no root', 'root: plant/line-1', 'roots: []', 3],
    ['root and roots', 'root: plant/line-1', 'root: plant/line-1\n  roots: [x]', 4],
    ['a session of a day', 'version: 1', 'version: 1\nlimits: { session_expiry: 86400 }', 2],
    ['an origin with a path', 'version: 1', "version: 1\norigins: ['https://a.example/x']", 2],
    ['any origin', 'version: 1', "version: 1\norigins: ['*']", 2],
    ['an endpoint that is none', 'version: 1', 'version: 1\nendpoints: [mqtt://x]', 2],
    ['the control topic for a viewer', '[plant/line-1/+/status,', '[$CONTROL/dynamic-security/v1,', 6],
    ['a root with a slash at its end', 'root: plant/line-1', 'root: plant/', 3],
    ['an id pattern that is none', 'root: plant/line-1', "root: plant/line-1\n  id: '['", 4],
    ['an id that does not fit the pattern', 'root: plant/line-1', "root: plant/line-1\n  id: '[a-z]+'", 18],
    ['an alias', 'anna: viewer', 'anna: &a viewer\n  bert: *a', 16],
    ['two documents', 'version: 1', '---\nversion: 1\n---', 3],
  ])('%s', (_what, from, to, line) => {
    expect(refusals(changed(from, to))[0]).toMatch(new RegExp(`^roles\\.yaml:${line}: [A-Z].*\\.$`));
  });

  test('nothing at all', () => {
    expect(refusals('')[0]).toMatch(/^roles\.yaml:1: /);
    expect(refusals('x'.repeat(1_000_001))[0]).toMatch(/^roles\.yaml:1: .*longer/);
  });

  test('several mistakes are told at once, in order of lines', () => {
    const twice = changed('plant/line-1/+/meta', 'plant/#').replace('anna: viewer', 'anna: nobody');
    expect(refusals(twice).map((line) => line.split(':')[1])).toEqual(['9', '15']);
  });
});

test('no text makes it throw', () => {
  const line = fc.constantFrom(
    ...ROLES.split('\n'),
    'deny: {}',
    '- x',
    '? [a]: b',
    '&a *a',
    '!!binary x',
    '"__proto__": 1',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 20 }), (lines) => {
      parsePolicy(lines.join('\n'));
    }),
  );
});
