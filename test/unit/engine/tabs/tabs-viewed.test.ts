import { expect, test } from 'vitest';
import type { HomeRequest } from '../../../../src/engine-api/calls.ts';
import { HOME, TabWorld, type OpenTab } from '../../../support/tab-world.ts';

const VIEWED: HomeRequest = {
  ...HOME,
  profile: { ...HOME.profile, link: { record: 'viewed', queue: false } },
};
/** More than it takes until what nobody looks at any more is unsubscribed. */
const A_WHILE_MS = 8_000;

test('"Only what I look at" in three tabs: what any of them has on its screen, and no more', async () => {
  const world = new TabWorld();
  const [a, b, c] = (await world.signedIn(2, VIEWED)) as [OpenTab, OpenTab, OpenTab];
  const show = ({ page }: OpenTab, ids: readonly string[]) =>
    page.call('watch', { series: [], devices: [], shown: ids.map((id) => `devices:${id}`) });

  await show(a, ['one']);
  await show(b, ['two']);
  await show(c, ['one', 'three']);
  await world.pass(500);
  expect(telemetry(world)).toEqual(['one', 'three', 'two']);
  await show(a, []);
  await world.pass(A_WHILE_MS);
  expect(telemetry(world)).toEqual(['one', 'three', 'two']);
  b.page.hide();
  await world.pass(A_WHILE_MS);
  expect(telemetry(world)).toEqual(['one', 'three']);
  c.crash();
  await world.pass(A_WHILE_MS);
  expect(telemetry(world)).toEqual([]);
  await world.end();
});

/** The devices whose telemetry is subscribed over the link that there is. */
function telemetry({ broker }: TabWorld): string[] {
  const filters = new Set<string>();
  for (const packet of broker.last!.packets) {
    if (packet.cmd === 'subscribe') for (const { topic } of packet.subscriptions) filters.add(topic);
    if (packet.cmd === 'unsubscribe') for (const topic of packet.unsubscriptions) filters.delete(topic);
  }
  return [...filters]
    .flatMap((filter) => /^devices\/(.+)\/telemetry$/.exec(filter)?.[1] ?? [])
    .sort((one, other) => one.localeCompare(other));
}
