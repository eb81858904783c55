import { describe, expect, test } from 'vitest';
import { roundTrip, timeToLive, type Command } from '../../../src/model/command.ts';
import { BATCH_STATES, batchIds, batchOf } from '../../../src/ui/live/batches.ts';
import { dropOldest } from '../../../src/ui/live/drop-oldest.ts';
import { shownCommands } from '../../../src/ui/pages/commands/shown-commands.ts';
import { commandWords, durationText } from '../../../src/ui/words/command-words.ts';

const T0 = 1_790_000_000_000;
const made = (i: number, more: Partial<Command> = {}): Command => ({
  id: `c${i}`,
  device: 'devices:pump-1',
  name: 'switch',
  args: { on: true },
  by: 'ada',
  topic: 'devices/pump-1/cmd',
  bytes: 10,
  outcome: 'done',
  createdAt: T0 + i,
  deadline: T0 + i + 60_000,
  attempts: 1,
  ...more,
});
const table = (...commands: Command[]) => new Map(commands.map((command) => [command.id, command]));
const ids = (commands: readonly Command[]) => commands.map(({ id }) => id);

describe('the log', () => {
  test('what is under way stands first, then the newest', () => {
    const live = table(made(1, { outcome: 'queued' }), made(2), made(3));
    expect(ids(shownCommands([], undefined, live, {}))).toEqual(['c1', 'c3', 'c2']);
  });

  test('what was fetched is shown as it is by now, and only if it still fits', () => {
    const stored = [made(2, { outcome: 'accepted' }), made(1, { outcome: 'accepted' })];
    const live = table(made(2, { outcome: 'failed' }));
    expect(ids(shownCommands(stored, undefined, live, { outcome: 'accepted' }))).toEqual(['c1']);
    expect(shownCommands(stored, undefined, live, {}).map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'failed',
    ]);
  });

  test('of what is older than the fetched part nothing is shown, so that nothing is missing in between', () => {
    const live = table(made(1), made(5), made(9));
    expect(ids(shownCommands([made(7)], T0 + 5, live, {}))).toEqual(['c9', 'c7', 'c5']);
  });
});

describe('a batch', () => {
  const many = (count: number, outcome: (i: number) => Command['outcome']) =>
    Array.from({ length: count }, (_, i) =>
      made(i, { batch: { id: 'b', of: count, place: i, gap: 10 }, outcome: outcome(i), createdAt: T0 }),
    );

  test('every outcome is counted, and the counts sum up to the devices', () => {
    const all = ['queued', 'sent', 'accepted', 'done', 'failed', 'unanswered', 'refused', 'expired'] as const;
    const batch = batchOf('b', [...many(500, (i) => all[i % 8] ?? 'done'), made(9)]);
    expect(Object.values(batch?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(batch?.counts.sent).toBe(126);
    expect(Object.keys(batch?.counts ?? {})).toEqual([...BATCH_STATES]);
    expect(ids(batch?.commands ?? []).slice(0, 3)).toEqual(['c0', 'c1', 'c2']);
  });

  test('none of it is here any more', () => {
    expect(batchOf('b', [made(1)])).toBeUndefined();
    expect(batchIds([made(1), ...many(2, () => 'done')])).toEqual(['b']);
  });

  test('its time to live counts from its turn', () => {
    const [, second] = many(2, () => 'done');
    expect(timeToLive({ ...second!, deadline: T0 + 10 + 30_000 })).toBe(30);
  });
});

test('a page that is open for weeks keeps what is under way and the newest', () => {
  const commands = table(made(1, { outcome: 'queued' }), made(2), made(3), made(4));
  dropOldest(commands, 2);
  expect([...commands.keys()]).toEqual(['c1', 'c4']);
});

describe('round trip', () => {
  const answered = { sentAt: T0, settledAt: T0 + 84, provenBy: 'ack' } as const;
  test('only an answer of the device has one', () => {
    expect(roundTrip(made(1, answered))).toBe(84);
    expect(roundTrip(made(1, { ...answered, provenBy: 'telemetry' }))).toBeUndefined();
    expect(roundTrip(made(1, { ...answered, settledAt: T0 - 1 }))).toBeUndefined();
  });

  test('is said with the outcome', () => {
    expect(commandWords(made(1, answered))).toBe('Done, the device answered after 84 ms.');
    expect(commandWords(made(1, { ...answered, outcome: 'failed', error: 'too hot' }))).toBe(
      'The device answered after 84 ms: too hot',
    );
    expect([durationText(999), durationText(1_234), durationText(61_000)]).toEqual([
      '999 ms',
      '1.2 s',
      '61 s',
    ]);
  });
});

test('of somebody else’s command no more is said than was seen', () => {
  expect(commandWords(made(1, { elsewhere: true, outcome: 'accepted' }))).toBe(
    'Seen on its way. Waiting for the device.',
  );
  expect(commandWords(made(1, { outcome: 'sent', handling: { qos: 0 } }))).toMatch(/QoS 0/);
});
