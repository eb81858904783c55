import { beforeEach, expect, test } from 'vitest';
import { ConfigWorld, ON_ITS_WAY } from './config-world.ts';

let world: ConfigWorld;
beforeEach(() => {
  world = new ConfigWorld();
});

const seen = () => world.changes.map(({ origin, from, to, by }) => ({ origin, from, to, by }));

test('holds what this browser asked for, with what became of it', async () => {
  world.stored({ limit: 60 });
  await world.ask({ limit: 70 }, { limit: 60 });
  await world.acknowledged();
  world.arrives('desired', { limit: 70 });
  world.arrives('reported', { limit: 70 });
  expect(new Set(world.changes.map(({ id, at }) => `${id} ${at}`)).size).toBe(1);
  expect(world.changes.map(({ outcome: became }) => became)).toEqual(['queued', 'sent', 'accepted', 'done']);
  expect(world.changes.at(-1)).toMatchObject({
    origin: 'here',
    by: 'ada',
    from: { limit: 60 },
    to: { limit: 70 },
  });
});

test('holds what others ask for, and who where their console says it', () => {
  world.stored({ limit: 60 });
  world.arrives('desired', { limit: 65 }, { by: 'bob' });
  world.arrives('desired', null);
  expect(seen()).toEqual([
    { origin: 'elsewhere', from: { limit: 60 }, to: { limit: 65 }, by: 'bob' },
    { origin: 'elsewhere', from: { limit: 65 }, to: null, by: undefined },
  ]);
});

test('a retained copy at first sight is no change; another one after an outage is', () => {
  world.stored({ limit: 60 });
  expect(world.changes).toEqual([]);
  world.configs.down();
  world.configs.granted();
  world.stored({ limit: 61 });
  expect(seen()).toEqual([{ origin: 'away', from: { limit: 60 }, to: { limit: 61 }, by: undefined }]);
});

test('cleared during an outage: known when nothing retained has come', () => {
  world.stored({ limit: 60 });
  world.configs.down();
  world.configs.granted();
  expect(world.device.config.desired).toBeDefined();
  world.clock.advance(ON_ITS_WAY);
  expect(world.device.config.desired).toBeUndefined();
  expect(seen()).toEqual([{ origin: 'away', from: { limit: 60 }, to: null, by: undefined }]);
});

test.each([
  ['may not read it any more', () => (world.delivers = false), true],
  ['is at a broker that hands out nothing retained', () => {}, false],
])('whoever %s does not take it for cleared', (_, change, retain) => {
  world.arrives('desired', { limit: 60 }, { retain });
  change();
  world.configs.down();
  world.configs.granted();
  world.clock.advance(ON_ITS_WAY);
  expect(world.device.config.desired?.value).toEqual({ limit: 60 });
  expect(world.changes.filter(({ to }) => to === null)).toEqual([]);
});

test('one that cannot be read is not taken for the last one that could', () => {
  world.stored({ limit: 60 });
  world.arrives('desired', null, { fault: 'Config is not JSON.' });
  expect(world.device.config.desired).toMatchObject({ value: null, fault: 'Config is not JSON.' });
});

test('somebody goes back to what this browser had asked for: that is their change', async () => {
  world.stored({ limit: 60 });
  await world.ask({ limit: 70 }, { limit: 60 });
  await world.takenUp();
  world.arrives('desired', { limit: 65 });
  world.arrives('desired', { limit: 70 });
  expect(seen().filter(({ origin }) => origin === 'elsewhere')).toMatchObject([
    { from: { limit: 70 }, to: { limit: 65 } },
    { from: { limit: 65 }, to: { limit: 70 } },
  ]);
});
