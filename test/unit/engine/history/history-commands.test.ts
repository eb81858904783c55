import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../../src/model/history-settings.ts';
import type { Command } from '../../../../src/model/command.ts';
import { emptyBrowser, openWorld, PUMP, T0, TANK } from './history-world.ts';

beforeEach(emptyBrowser);

const DAY = 86_400_000;
const made = (i: number, more: Partial<Command> = {}): Command => ({
  id: `c${i}`,
  device: i % 2 === 0 ? PUMP : TANK,
  name: 'switch',
  args: { on: true },
  by: 'ada',
  topic: 'devices/x/cmd',
  bytes: 10,
  outcome: i % 3 === 0 ? 'failed' : 'done',
  createdAt: T0 + i,
  sentAt: T0 + i + 1,
  settledAt: T0 + i + 43,
  provenBy: 'ack',
  deadline: T0 + 60_000,
  attempts: 1,
  ...more,
});
const many = (count: number) => Array.from({ length: count }, (_, i) => made(i));

test('thousands of commands come back page by page, newest first, each once', async () => {
  const { history } = await openWorld();
  await history.commands.save(many(3_000));
  const found: Command[] = [];
  let before: number | undefined;
  do {
    const page = await history.commands.log({ filter: {}, limit: 200, ...(before && { before }) });
    found.push(...page.commands);
    before = page.next;
  } while (before !== undefined);
  expect(found.map(({ id }) => id)).toEqual(
    many(3_000)
      .reverse()
      .map(({ id }) => id),
  );
});

test('a batch whose commands were made in one millisecond is never cut in two', async () => {
  const { history } = await openWorld();
  await history.commands.save(Array.from({ length: 700 }, (_, i) => made(i, { createdAt: T0 })));
  await history.commands.save([made(1_000, { createdAt: T0 - 1 })]);
  const first = await history.commands.log({ filter: {}, limit: 100 });
  expect(first.commands).toHaveLength(700);
  const second = await history.commands.log({ filter: {}, limit: 100, before: first.next });
  expect(second).toEqual({ commands: [made(1_000, { createdAt: T0 - 1 })] });
});

test('found by outcome, by device and by words of what was asked and answered', async () => {
  const { history } = await openWorld();
  await history.commands.save(many(600));
  await history.commands.save([made(601, { error: 'valve stuck', by: 'Bob', raw: '{"x":1}' })]);
  const ids = async (filter: object) =>
    (await history.commands.log({ filter, limit: 1_000 })).commands.map(({ id }) => id);
  expect(await ids({ outcome: 'failed' })).toHaveLength(200);
  expect(await ids({ outcome: 'failed', device: PUMP })).toHaveLength(100);
  expect(await ids({ text: 'STUCK bob' })).toEqual(['c601']);
  expect(await ids({ text: 'stuck ada' })).toEqual([]);
});

test('what became of a command is in the log, also when it was noted a moment ago', async () => {
  const { history } = await openWorld();
  await history.commands.save([made(1, { outcome: 'queued' })]);
  history.commands.note(made(1, { outcome: 'sent' }));
  history.commands.note(made(1, { outcome: 'done', result: { ok: 1 } }));
  expect((await history.commands.log({ filter: {}, limit: 1 })).commands[0]?.outcome).toBe('done');
  await history.close();
  expect((await openWorld()).history.remembered.commands[0]).toMatchObject({ result: { ok: 1 } });
});

test('exported as one line each, with who, what, when, outcome and answer', async () => {
  const { history } = await openWorld();
  await history.commands.save([
    made(1, { result: { was: 3 } }),
    made(2, { raw: '[1]', handling: { qos: 2 } }),
  ]);
  const page = await history.commands.exportPage({});
  expect(page.commands).toBe(2);
  const [second, first] = page.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(first).toEqual({
    id: 'c1',
    device: 'tank-2',
    name: 'switch',
    args: { on: true },
    by: 'ada',
    topic: 'devices/x/cmd',
    outcome: 'done',
    createdAt: T0 + 1,
    sentAt: T0 + 2,
    settledAt: T0 + 44,
    roundTrip: 42,
    deadline: T0 + 60_000,
    attempts: 1,
    result: { was: 3 },
    provenBy: 'ack',
  });
  expect(second).toMatchObject({ raw: '[1]', qos: 2 });
  expect(second).not.toHaveProperty('name');
});

test('kept for as long as the settings say, and what is under way for longer', async () => {
  const { history, clock } = await openWorld();
  const old = T0 - 40 * DAY;
  await history.commands.save([
    made(1, { createdAt: old }),
    made(2, { createdAt: old, outcome: 'queued' }),
    made(3),
  ]);
  await history.setSettings({ commandDays: 30 });
  const left = await history.commands.log({ filter: {}, limit: 10 });
  expect(left.commands.map(({ id }) => id)).toEqual(['c3', 'c2']);
  expect(history.settings).toEqual({ ...DEFAULT_SETTINGS, commandDays: 30 });
  expect(clock.now()).toBe(T0);
});

test('without a store the log lasts as long as the page', async () => {
  const { history } = await openWorld(async () => ({ db: undefined, reason: 'No store.' }) as never);
  await history.commands.save([made(1), made(2)]);
  history.commands.note(made(2, { outcome: 'unanswered' }));
  const { commands } = await history.commands.log({ filter: {}, limit: 10 });
  expect(commands.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['c2', 'unanswered'],
    ['c1', 'done'],
  ]);
});

test('what the clock showed is stored with the moved deadlines as they are by then, after what was noted before', async () => {
  const { history } = await openWorld();
  await history.commands.save([made(1, { outcome: 'queued' }), made(2, { outcome: 'queued' })]);
  let latest = made(1, { outcome: 'queued', deadline: T0 + 30_000 });
  history.commands.note(latest);
  history.commands.note(made(2, { outcome: 'expired' }));
  const stored = history.commands.clockSeen(T0 - 30_000, () => [latest]);
  latest = made(1, { outcome: 'sent', deadline: T0 + 30_000 });
  await stored;
  const { remembered } = (await openWorld()).history;
  expect(remembered.clockSeen).toBe(T0 - 30_000);
  expect(remembered.commands).toMatchObject([
    { outcome: 'sent', deadline: T0 + 30_000 },
    { outcome: 'expired' },
  ]);
});

test('a tab that led before stores nothing of the clock any more', async () => {
  const { history } = await openWorld();
  await history.commands.save([made(1, { outcome: 'queued' })]);
  await openWorld();
  const moved = () => [made(1, { outcome: 'queued', deadline: T0 })];
  await expect(history.commands.clockSeen(T0, moved)).rejects.toThrow('is over');
  const { remembered } = (await openWorld()).history;
  expect(remembered.clockSeen).toBeUndefined();
  expect(remembered.commands).toMatchObject([{ deadline: T0 + 60_000 }]);
});
