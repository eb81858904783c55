import { expect, test } from 'vitest';
import { policyDocument, type PolicyDocument } from '../../../src/model/policy.ts';
import { readPolicyDocument } from '../../../src/model/policy-document.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const document: PolicyDocument = {
  version: 1,
  username: 'ada',
  role: 'viewer',
  subscribe: ['devices/+/status'],
  publish: [],
};

test('the document of the signed-in user is read', () => {
  expect(readPolicyDocument(bytes(JSON.stringify(document)), 'ada')).toEqual(document);
});

test('what the policy writes down is what the page reads, the right to clear and the size of a message included', () => {
  const principal = {
    username: 'root',
    role: 'admin',
    subscribe: ['devices/#'],
    publish: ['devices/+/cmd'],
    clearRetained: true,
  };
  const limits = {
    connections: 1,
    messageBytes: 4_096,
    queuedMessages: 1,
    queuedBytes: 1,
    sessionExpiry: 0,
  };
  const written = policyDocument(principal, limits);
  expect(written.messageBytes).toBe(4_096);
  expect(readPolicyDocument(bytes(JSON.stringify(written)), 'root')).toEqual(written);
});

test('what is more than the document says is left out', () => {
  const more = { ...document, __proto__: 1, extra: 'x', clearRetained: 'yes', messageBytes: '1' };
  expect(readPolicyDocument(bytes(JSON.stringify(more)), 'ada')).toEqual(document);
});

test("somebody else's document is not believed", () => {
  expect(readPolicyDocument(bytes(JSON.stringify(document)), 'eve')).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['another version', JSON.stringify({ ...document, version: 2 })],
  ['no role', JSON.stringify({ ...document, role: undefined })],
  ['a role that is no text', JSON.stringify({ ...document, role: 1 })],
  ['rights that are no list', JSON.stringify({ ...document, publish: 'devices/#' })],
  ['a right that is no filter', JSON.stringify({ ...document, publish: ['a/#/b'] })],
  ['a right that is no text', JSON.stringify({ ...document, subscribe: [1] })],
  ['too many rights', JSON.stringify({ ...document, publish: Array(1_001).fill('a') })],
])('%s is no document', (_what, text) => {
  expect(readPolicyDocument(bytes(text), 'ada')).toBeUndefined();
});

test('bytes that are no text are no document', () => {
  expect(readPolicyDocument(new Uint8Array([0xff, 0xfe]), 'ada')).toBeUndefined();
});
