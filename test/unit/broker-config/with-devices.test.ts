import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROLES_FILE } from '../../../broker-config/load-policy.ts';
import { parsePolicySource } from '../../../broker-config/parse-policy.ts';
import { resolvePolicy } from '../../../broker-config/policy-source.ts';
import type { PolicySource } from '../../../broker-config/policy-source.ts';
import { withDevices } from '../../../broker-config/with-devices.ts';

function sourceOf(text: string): PolicySource {
  const parsed = parsePolicySource(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  return parsed.source;
}

const source = sourceOf(readFileSync(ROLES_FILE, 'utf8'));

test('added devices may do exactly what the device of the file may, each on its own topics', () => {
  const { principals } = resolvePolicy(withDevices(source, ['pump-1', '__proto__']));
  const board = principals.find(({ username }) => username === 'my-board');
  for (const id of ['pump-1', '__proto__']) {
    const added = principals.find(({ username }) => username === id);
    expect(JSON.stringify(added)).toBe(JSON.stringify(board).replaceAll('my-board', id));
    expect(added?.clientId).toBe(id);
  }
});

test('a device that is in the file already stays as it is', () => {
  expect(withDevices(source, ['my-board', 'my-board']).principals).toEqual(source.principals);
});

test.each([
  ['viewer', 'is the username of somebody else'],
  ['a/b', 'contains "/"'],
  ['a b', 'contains a space'],
  ['', 'is not 1 to 64'],
])('the id %j is refused in one sentence', (id, reason) => {
  expect(() => withDevices(source, [id])).toThrow(reason);
});

test('with several roles for devices it takes the one called device, or says that it cannot choose', () => {
  const roles = (first: string) =>
    sourceOf(`version: 1
topics: { root: d }
roles:
  ${first}: { publish: ['d/{id}/status'] }
  sensor: { publish: ['d/{id}/telemetry'] }
principals: {}
`);
  expect(withDevices(roles('device'), ['x']).principals[0]?.role).toBe('device');
  expect(() => withDevices(roles('pump'), ['x'])).toThrow('several roles for devices (pump, sensor)');
});
