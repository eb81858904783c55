import { expect, test } from 'vitest';
import { loadPolicy } from '../../../broker-config/load-policy.ts';
import {
  mayClear,
  mayPublish,
  maySubscribe,
  policyDocument,
  policyTopic,
} from '../../../src/model/policy.ts';

const policy = await loadPolicy({ devices: ['pump-1'] });
const { principals } = policy;

function principal(username: string) {
  const found = principals.find((one) => one.username === username);
  if (!found) throw new Error(`No principal ${username}.`);
  return found;
}

test.each(['viewer', 'operator', 'admin', 'my-board'])(
  '%s reads its own policy document and no other',
  (username) => {
    expect(maySubscribe(principal(username), policyTopic(username))).toBe(true);
    expect(maySubscribe(principal(username), policyTopic('somebody-else'))).toBe(false);
    expect(maySubscribe(principal(username), 'telltale/policy/#')).toBe(false);
  },
);

test('nobody may ask for the whole root', () => {
  for (const one of principals) expect(maySubscribe(one, 'devices/#')).toBe(false);
});

test('a viewer sees neither commands nor configuration, and writes nothing', () => {
  expect(maySubscribe(principal('viewer'), 'devices/+/cmd')).toBe(false);
  expect(maySubscribe(principal('viewer'), 'devices/+/config')).toBe(false);
  expect(principal('viewer').publish).toEqual([]);
});

test('only the admin clears, only under the root, and that is no right to publish', () => {
  expect(mayClear(policy, principal('admin'), 'devices/pump-1/status')).toBe(true);
  expect(mayClear(policy, principal('admin'), 'elsewhere/pump-1/status')).toBe(false);
  expect(mayClear(policy, principal('operator'), 'devices/pump-1/status')).toBe(false);
  expect(mayPublish(principal('admin'), 'devices/pump-1/status')).toBe(false);
});

const documentOf = (username: string) => policyDocument(principal(username), policy.limits);

test('a policy document says whether one may clear, and keeps the client id to itself', () => {
  expect(documentOf('admin')).toHaveProperty('clearRetained', true);
  expect(documentOf('operator')).not.toHaveProperty('clearRetained');
  expect(Object.keys(documentOf('pump-1'))).toEqual([
    'version',
    'username',
    'role',
    'subscribe',
    'publish',
    'messageBytes',
  ]);
});
