import { beforeEach, expect, test } from 'vitest';
import { SignInPolicy } from '../../../../src/engine/link/sign-in-policy.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const TOPIC = 'telltale/policy/ada';
const CMD = 'devices/a/cmd';
const DOCUMENT = {
  version: 1,
  username: 'ada',
  role: 'viewer',
  subscribe: ['devices/+/status'],
  publish: [],
};
const bytes = (document: unknown) => new TextEncoder().encode(JSON.stringify(document));

let clock: FakeClock;
let unreadable: string[];
let changes: number;
let otherRights: number;
let policy: SignInPolicy;
beforeEach(() => {
  clock = new FakeClock();
  unreadable = [];
  changes = 0;
  otherRights = 0;
  policy = new SignInPolicy({
    username: 'ada',
    clock,
    onChange: () => changes++,
    onOtherRights: () => otherRights++,
    onUnreadable: (topic) => unreadable.push(topic),
  });
});

test('forbids what the document does not list', () => {
  expect(policy.forbids(CMD)).toBe(false);
  expect(policy.read(TOPIC, bytes(DOCUMENT))).toBe(true);
  expect(policy.forbids(CMD)).toBe(true);
  expect(changes).toBe(1);
});

test('the document of somebody else is none of ours, and one that cannot be read is said so', () => {
  expect(policy.read('telltale/policy/eve', bytes(DOCUMENT))).toBe(false);
  expect(policy.read(TOPIC, bytes({ ...DOCUMENT, username: 'eve' }))).toBe(true);
  expect(policy.document).toBeNull();
  expect(unreadable).toEqual([TOPIC]);
});

test('deleted while somebody listens: no more in force', () => {
  policy.read(TOPIC, bytes(DOCUMENT));
  policy.read(TOPIC, new Uint8Array());
  expect(policy.forbids(CMD)).toBe(false);
  expect(unreadable).toEqual([]);
});

test('deleted while nobody listened: no more in force when it does not come with the next link', () => {
  policy.read(TOPIC, bytes(DOCUMENT));
  policy.down();
  clock.advance(600_000);
  expect(policy.forbids(CMD)).toBe(true);
  policy.granted();
  clock.advance(5_000);
  expect(policy.forbids(CMD)).toBe(false);
});

test('comes before the last subscription is answered: stays in force', () => {
  policy.read(TOPIC, bytes(DOCUMENT));
  policy.granted();
  clock.advance(60_000);
  expect(policy.forbids(CMD)).toBe(true);
});

test('comes again with the next link: stays in force', () => {
  policy.read(TOPIC, bytes(DOCUMENT));
  policy.down();
  policy.granted();
  policy.read(TOPIC, bytes(DOCUMENT));
  clock.advance(60_000);
  expect(policy.forbids(CMD)).toBe(true);
  expect(clock.waiting).toBe(0);
  expect(otherRights).toBe(0);
});

test('other rights are told apart from the same document coming again', () => {
  policy.read(TOPIC, bytes(DOCUMENT));
  policy.read(TOPIC, new Uint8Array());
  policy.read(TOPIC, bytes(DOCUMENT));
  expect(otherRights).toBe(0);
  policy.read(TOPIC, bytes({ ...DOCUMENT, publish: [CMD] }));
  expect(otherRights).toBe(1);
});
