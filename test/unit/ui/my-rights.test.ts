import { expect, test } from 'vitest';
import type { Subscription } from '../../../src/engine-api/link.ts';
import type { Command } from '../../../src/model/command.ts';
import type { PolicyDocument } from '../../../src/model/policy.ts';
import { myRights, type RightRow } from '../../../src/ui/pages/connection/my-rights.ts';

const VIEWER: PolicyDocument = {
  version: 1,
  username: 'ada',
  role: 'viewer',
  subscribe: ['devices/+/telemetry', 'devices/+/status', 'telltale/policy/ada', 'plant/#'],
  publish: [],
};
const OPERATOR: PolicyDocument = {
  ...VIEWER,
  role: 'operator',
  publish: ['devices/+/cmd', 'devices/p/config'],
};

const subscription = (leaf: string, state: Subscription['state']): Subscription => ({
  filter: `devices/+/${leaf}`,
  state,
});
const command = (id: string, what: Partial<Command>) =>
  ({ topic: `devices/${id}/cmd`, attempts: 1, createdAt: 0, outcome: 'sent', ...what }) as Command;

function rights(
  policy: PolicyDocument | null,
  subscriptions: readonly Subscription[] = [],
  commands: readonly Command[] = [],
) {
  return myRights({ policy, username: 'ada', root: 'devices', subscriptions, commands });
}
const row = (rows: readonly RightRow[], filter: string) => rows.find((one) => one.filter === filter);

test('document and broker agree: nothing differs, whatever the broker may filter', () => {
  const { read } = rights(VIEWER, [
    subscription('telemetry', 'granted'),
    subscription('status', 'granted-filtered'),
    subscription('config', 'refused'),
    subscription('meta', 'granted-filtered'),
  ]);
  expect(read.filter(({ differs }) => differs !== undefined)).toEqual([]);
  expect(row(read, 'devices/+/telemetry')).toMatchObject({
    what: 'Telemetry',
    policy: 'yes',
    broker: 'granted',
  });
  expect(row(read, 'devices/+/config')).toMatchObject({ policy: 'no', broker: 'refused' });
  expect(row(read, 'plant/#')).toMatchObject({ policy: 'yes' });
  expect(row(read, 'plant/#')?.broker).toBeUndefined();
});

test('what is read has the name that a person knows it by', () => {
  const granted = ['devices/+/cmd', 'telltale/policy/ada', 'telltale/rules', 'plant/x'];
  const { read } = rights(
    null,
    granted.map((filter) => ({ filter, state: 'granted' })),
  );
  expect(read.map(({ what }) => what)).toEqual([
    'Commands of everybody',
    'This policy document',
    'Rules of this site',
    'Other topics',
  ]);
});

test.each([
  ['the broker refuses what the document lists', 'telemetry', 'refused', /lists it, and the broker refuses/],
  ['the broker closes on what the document lists', 'status', 'closed', /lists it, and the broker refuses/],
  [
    'the broker grants what the document does not list',
    'config',
    'granted',
    /grants what the document does not/,
  ],
] as const)('%s: said so', (_what, leaf, state, differs) => {
  const { read } = rights(VIEWER, [subscription(leaf, state)]);
  expect(row(read, `devices/+/${leaf}`)?.differs).toMatch(differs);
});

test('without a document nothing differs and nothing is claimed but what the broker did', () => {
  const { read, write } = rights(
    null,
    [subscription('telemetry', 'refused')],
    [command('p', { acceptedAt: 3 })],
  );
  expect([...read, ...write].every(({ policy, differs }) => policy === 'unknown' && !differs)).toBe(true);
  expect(row(write, 'devices/+/cmd')).toMatchObject({ broker: 'took one', at: 3 });
});

test('a right to a part of the devices is "some", and other rights are listed', () => {
  const { write } = rights({
    ...OPERATOR,
    publish: [...OPERATOR.publish, 'telltale/#'],
    clearRetained: true,
  });
  expect(write.map(({ filter, policy }) => [filter, policy])).toEqual([
    ['devices/+/cmd', 'yes'],
    ['devices/+/config', 'some'],
    ['devices/+/meta', 'no'],
    ['telltale/#', 'yes'],
    ['devices/#', 'yes'],
  ]);
});

test('a command that the broker refused, and the document allows: they differ', () => {
  const refused = command('p', {
    outcome: 'refused',
    settledAt: 9,
    error: 'The broker refused the command.',
  });
  const { write } = rights(OPERATOR, [], [command('q', { acceptedAt: 5 }), refused]);
  expect(row(write, 'devices/+/cmd')).toMatchObject({
    broker: 'refused one',
    at: 9,
    differs: 'The document lists devices/p/cmd, and the broker refused it.',
  });
});

test('a command that the broker took, and the document does not list: they differ', () => {
  const { write } = rights(VIEWER, [], [command('p', { outcome: 'done', provenBy: 'ack', settledAt: 2 })]);
  expect(row(write, 'devices/+/cmd')?.differs).toBe(
    'The broker took devices/p/cmd, which the document does not list.',
  );
});

test('what nobody proved, or the person took back, is no answer of the broker', () => {
  const { write } = rights(
    OPERATOR,
    [],
    [
      command('a', { outcome: 'sent', pubackAt: 3 }),
      command('b', { outcome: 'refused', attempts: 0, settledAt: 4 }),
      command('c', { outcome: 'unanswered', settledAt: 4 }),
    ],
  );
  expect(row(write, 'devices/+/cmd')?.broker).toBeUndefined();
});
