import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintPolicy } from '../../../broker-config/lint-policy.ts';
import { parsePolicySource } from '../../../broker-config/parse-policy.ts';

const own = readFileSync('broker-config/roles.yaml', 'utf8');

function warnings(text: string): readonly string[] {
  const parsed = parsePolicySource(text);
  if (!parsed.ok) throw new Error(parsed.refusals.map(({ reason }) => reason).join('\n'));
  return lintPolicy(parsed.source);
}

test('our own policy is not unwise', () => {
  expect(warnings(own)).toEqual([]);
});

test.each([
  [
    'a viewer who reads commands',
    '      - devices/+/ack\n',
    '      - devices/+/cmd\n',
    /"viewer".*every command/,
  ],
  [
    'a viewer who reads everything',
    '      - devices/+/ack\n',
    '      - devices/#\n',
    /wider than devices need/,
  ],
  ['a device whose client id is free', 'bind_client_id: true', 'bind_client_id: false', /binds no client id/],
  ['a shared sign-in with a bound id', 'my-board: device', 'fleet: device', /"fleet" sounds shared/],
  ['a role that nobody has', '  operator: operator\n', '', /Nobody has the role "operator"/],
  [
    'a short queue',
    'version: 1',
    'version: 1\nlimits: { queued_messages: 1000 }',
    /cuts a retained snapshot/,
  ],
  ['an open endpoint', 'version: 1', 'version: 1\nendpoints: [ws://plant.example/mqtt]', /use wss/],
])('%s is warned about', (_what, from, to, warning) => {
  expect(own).toContain(from);
  expect(warnings(own.replace(from, to)).join('\n')).toMatch(warning);
});
