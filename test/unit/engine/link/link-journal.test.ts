import { expect, test } from 'vitest';
import {
  connackEnding,
  disconnectEnding,
  lostEnding,
  unansweredEnding,
} from '../../../../src/engine/connection/refusal.ts';
import { Traffic } from '../../../../src/engine/connection/traffic.ts';
import { LinkJournal } from '../../../../src/engine/link/link-journal.ts';
import type { Command } from '../../../../src/model/command.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const context = { endpoint: 'ws://b/mqtt', username: 'ada', protocol: 5 } as const;
const command = { outcome: 'refused', attempts: 1, error: 'The broker refused the command.' } as Command;

function journal() {
  const clock = new FakeClock();
  const kept = new LinkJournal(clock);
  return { clock, kept, errors: () => kept.report(new Traffic(), 0).errors };
}

test('what the broker said is kept in its own terms: packet, code, and the name of the code', () => {
  const { kept, errors } = journal();
  kept.ended(connackEnding(0x87, context));
  kept.ended(connackEnding(4, { ...context, protocol: 4 }));
  kept.ended(disconnectEnding(0x8e, context));
  kept.ended(unansweredEnding({ code: 1008, reason: 'Authentication Failure' }, context));
  kept.ended(lostEnding({ code: 1002, reason: 'access_refused' }, false, context));
  kept.refused({ filter: 'a/#', state: 'refused', reason: 'Refused.' }, 0x80);
  expect(errors().map(({ said }) => said)).toEqual([
    'SUBACK 0x80, failure',
    'WebSocket close 1002, protocol error: "access_refused"',
    'WebSocket close 1008, policy violation: "Authentication Failure"',
    'DISCONNECT 0x8e, session taken over',
    'CONNACK 0x04, bad user name or password',
    'CONNACK 0x87, not authorized',
  ]);
});

test('the same failure again and again is one that is counted, with its first and last time', () => {
  const { clock, kept, errors } = journal();
  const first = clock.now();
  for (let i = 0; i < 30; i++) {
    kept.ended(unansweredEnding(undefined, context));
    clock.advance(10_000);
  }
  expect(errors()).toMatchObject([{ count: 30, at: first, lastAt: first + 290_000 }]);
});

test('twenty are kept, newest first', () => {
  const { kept, errors } = journal();
  for (let i = 0; i < 25; i++)
    kept.refused({ filter: `f/${i}`, state: 'closed', reason: 'Closed.' }, 'closed');
  expect(errors()).toHaveLength(20);
  expect(errors()[0]?.text).toBe('f/24: Closed.');
});

test('a command that the broker refused is an error of the link, one that the person took back is none', () => {
  const { kept, errors } = journal();
  kept.command({ ...command, attempts: 0, error: 'Taken back before it was sent.' });
  kept.command({ ...command, outcome: 'done' });
  kept.command(command);
  expect(errors()).toMatchObject([{ what: 'command', text: 'The broker refused the command.' }]);
});
