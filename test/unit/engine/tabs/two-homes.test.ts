import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOME, role, SIGN_IN, TabWorld, type OpenTab } from '../../../support/tab-world.ts';

let world: TabWorld;

beforeEach(() => {
  world = new TabWorld();
});
afterEach(() => world.end());

const OTHER = { ...SIGN_IN, profile: { ...HOME.profile, name: 'two', urls: ['ws://two/mqtt'] } };

const signedIn = async () => (await world.signedIn(0))[0];
const twoTabs = async () => (await world.signedIn(1)) as [OpenTab, OpenTab];

test('two brokers in two tabs are two homes, and do not disturb each other', async () => {
  const one = await world.open();
  const other = await world.open();
  await one.page.call('signIn', SIGN_IN);
  await other.page.call('signIn', OTHER);
  await world.pass(10_000);
  expect([role(one), role(other)]).toEqual(['leader', 'leader']);
  expect(new Set(world.connections.map((socket) => socket.connect?.clientId)).size).toBe(2);
  await one.close();
  await world.pass(10_000);
  expect(role(other)).toBe('leader');
});

describe('a tab leaves its home for another broker', () => {
  test('and led it: a follower takes over, still signed in, and there are two homes', async () => {
    const [leader, follower] = await twoTabs();
    await leader.page.call('leave');
    await world.until(() => role(follower) === 'leader');
    await leader.page.call('signIn', OTHER);
    await world.until(() => role(leader) === 'leader');
    await world.pass(10_000);
    expect([role(leader), role(follower)]).toEqual(['leader', 'leader']);
    expect(new Set(world.connections.map((socket) => socket.connect?.clientId)).size).toBe(2);
    expect(world.mostAtOnce).toBe(2);
  });

  test('and followed: whoever leads hears nothing of it, and the tab is shown no more of the home', async () => {
    const [leader, follower] = await twoTabs();
    await follower.page.call('leave');
    await follower.page.until('left', () => follower.page.latest.link?.cause === 'signed-out');
    const before = follower.page.frames.length;
    world.deliver('devices/a/telemetry', '{"t":1}');
    await leader.page.until('the value', () => leader.page.value('a', 't')?.value === 1);
    await world.pass(10_000);
    expect(role(leader)).toBe('leader');
    expect(follower.page.value('a', 't')).toBeUndefined();
    expect(follower.page.frames.slice(before).flatMap(({ devices }) => devices ?? [])).toEqual([]);
    expect(world.broker.sockets).toHaveLength(1);
  });

  test('and was the last: the link ends, and nothing is kept that would sign it in again', async () => {
    const only = await signedIn();
    await only.page.call('leave');
    await world.until(() => world.connections.length === 0);
    await only.page.call('open', HOME);
    await world.pass(10_000);
    expect(world.connections).toHaveLength(0);
    expect(only.page.latest.link?.cause).toBe('signed-out');
  });
});
