import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertRule } from '../../../support/alert-home.ts';
import { TabWorld, type OpenTab } from '../../../support/tab-world.ts';

let world: TabWorld;
beforeEach(() => {
  world = new TabWorld();
});
afterEach(() => world.end());

const HOT = alertRule('hot', { when: 'above', channel: 't', value: 80 });

const leaderAndFollower = async () => (await world.signedIn(1)) as [OpenTab, OpenTab];
const until = (what: () => boolean) => world.until(what);

/** The state of the alert by the rule on the page of a tab. */
function state({ page }: OpenTab): string | undefined {
  return page.latest.alerts?.find(({ rule }) => rule === 'own:hot')?.state;
}

const announced = ({ page }: OpenTab) => page.notices.filter((text) => text.startsWith('hot')).length;

test('a rule made in one tab, an alert and its acknowledgement are those of all tabs', async () => {
  const [leader, follower] = await leaderAndFollower();
  await follower.page.call('setRules', [HOT]);
  await until(
    () => leader.page.latest.rules?.own.length === 1 && follower.page.latest.rules?.own.length === 1,
  );
  world.deliver('devices/a/telemetry', '{"t":81}');
  await until(() => state(leader) === 'firing' && state(follower) === 'firing');
  expect([announced(leader), announced(follower)]).toEqual([1, 1]);
  const id = follower.page.latest.alerts?.find(({ rule }) => rule === 'own:hot')?.id ?? '';
  await follower.page.call('acknowledge', [id]);
  await until(() => state(leader) === 'acknowledged' && state(follower) === 'acknowledged');
});

test('another tab that takes the lead goes on with the same alert and announces nothing', async () => {
  const [leader, follower] = await leaderAndFollower();
  await leader.page.call('setRules', [HOT]);
  world.deliver('devices/a/telemetry', '{"t":81}');
  await until(() => state(follower) === 'firing');
  const before = follower.page.latest.alerts?.find(({ rule }) => rule === 'own:hot')?.id;
  leader.close();
  await until(
    () => follower.page.latest.link?.phase === 'live' && follower.page.latest.link.tab === 'leader',
  );
  world.deliver('devices/a/telemetry', '{"t":82}');
  await until(() => follower.page.value('a', 't')?.value === 82);
  await world.pass(2_000);
  const alerts = follower.page.latest.alerts?.filter(({ rule }) => rule === 'own:hot') ?? [];
  expect(alerts).toMatchObject([{ id: before, state: 'firing' }]);
  expect(alerts[0]).not.toHaveProperty('unknown');
  expect(announced(follower)).toBe(1);
});
