import { beforeEach, expect, test } from 'vitest';
import type { ConfigChange } from '../../../../src/model/config/config-change.ts';
import { emptyBrowser, openWorld, PUMP, T0, TANK } from './history-world.ts';

beforeEach(emptyBrowser);

const DAY = 86_400_000;
const change = (i: number, more: Partial<ConfigChange> = {}): ConfigChange => ({
  device: PUMP,
  at: T0 + i,
  id: `c${i}`,
  origin: 'elsewhere',
  from: { limit: i },
  to: null,
  ...more,
});

test('changes of a device are there after a reload, newest first, each with the last that became of it', async () => {
  const { history } = await openWorld();
  history.configs.note(change(1, { origin: 'here', outcome: 'sent' }));
  history.configs.note(change(2, { device: TANK }));
  history.configs.note(change(3));
  await history.configs.rest();
  history.configs.note(change(1, { origin: 'here', outcome: 'done' }));
  await history.close();
  const { configs } = (await openWorld()).history;
  expect(await configs.list(PUMP)).toEqual([change(3), change(1, { origin: 'here', outcome: 'done' })]);
});

test('a device that changes all the time pushes out its own changes and nobody else’s', async () => {
  const { history } = await openWorld();
  history.configs.note(change(0, { device: TANK }));
  for (let i = 0; i < 450; i++) {
    history.configs.note(change(i));
    if (i % 150 === 149) await history.configs.rest();
  }
  const shown = await history.configs.list(PUMP);
  expect([shown.length, shown[0]?.id]).toEqual([100, 'c449']);
  expect(await history.configs.list(TANK)).toHaveLength(1);
});

test('kept for as long as commands are', async () => {
  const { history } = await openWorld();
  history.configs.note(change(-40 * DAY));
  history.configs.note(change(0));
  await history.configs.rest();
  await history.setSettings({ commandDays: 30 });
  expect(await history.configs.list(PUMP)).toEqual([change(0)]);
});

test('without a store they last as long as the page', async () => {
  const { history } = await openWorld(async () => ({ db: undefined, reason: 'No store.' }) as never);
  history.configs.note(change(1));
  history.configs.note(change(2));
  expect(await history.configs.list(PUMP)).toEqual([change(2), change(1)]);
});

test('what was asked of a device is remembered by the next page, dated and as history', async () => {
  const { history } = await openWorld();
  const desired = { value: { limit: 60 }, at: T0, source: 'live', topic: 'devices/pump-1/config' } as const;
  history.saveDevice({ key: PUMP, online: 'online', config: { desired } });
  await history.close();
  expect((await openWorld()).history.remembered.devices[0]?.config).toEqual({ desired });
});
