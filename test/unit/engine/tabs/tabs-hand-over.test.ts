import type { Packet } from 'mqtt-packet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HomeRequest } from '../../../../src/engine-api/calls.ts';
import { HOME, TabWorld, type OpenTab } from '../../../support/tab-world.ts';

let world: TabWorld;
beforeEach(() => {
  world = new TabWorld();
});
afterEach(() => world.end());

const QUEUED: HomeRequest = {
  ...HOME,
  profile: { ...HOME.profile, link: { record: 'everything', queue: true } },
};
const REFUSED: Packet = { cmd: 'connack', sessionPresent: false, returnCode: 0x86, reasonCode: 0x86 };

const tabs = (followers: number, home?: HomeRequest) => world.signedIn(followers, home);
const until = (what: () => boolean) => world.until(what);
const link = ({ page }: OpenTab) => page.latest.link;
const leads = (tab: OpenTab) => link(tab)?.tab === 'leader';
const connect = () => world.broker.last!.connect;

/** The broker refuses everybody from now on, and closes what is open. */
function refuseAll(): void {
  world.broker.script = (packet, socket) => {
    if (packet.cmd !== 'connect') return true;
    socket.answer(REFUSED);
    return false;
  };
  world.broker.last!.closeWith(1006);
}

test('"Only what I look at" holds for the tab that takes over, and every tab shows it', async () => {
  const [leader, heir] = await tabs(1);
  await leader.page.call('changeLink', { record: 'viewed' });
  await until(() => link(heir!)?.settings?.record === 'viewed');
  await leader.close();
  await until(() => leads(heir!) && link(heir!)?.phase === 'live');
  const filters = world.broker.last!.packets.flatMap((packet) =>
    packet.cmd === 'subscribe' ? packet.subscriptions.map(({ topic }) => topic) : [],
  );
  expect(filters).toContain('devices/+/status');
  expect(filters).not.toContain('devices/+/telemetry');
});

test('"Queue while away" holds for the tab that takes over: it goes on with the session', async () => {
  const [leader, heir] = await tabs(1);
  await leader.page.call('changeLink', { queue: true });
  await until(() => connect()?.properties?.sessionExpiryInterval === 3_600 && link(leader)?.phase === 'live');
  await leader.close();
  await until(() => leads(heir!) && link(heir!)?.phase === 'live');
  expect(connect()).toMatchObject({ clean: false, properties: { sessionExpiryInterval: 3_600 } });
});

test('without it the tab that takes over goes on with the session too: what devices answer meanwhile is kept', async () => {
  const [leader, heir] = await tabs(1);
  expect(connect()).toMatchObject({ clean: false, properties: { sessionExpiryInterval: 300 } });
  await leader.close();
  await until(() => leads(heir!) && link(heir!)?.phase === 'live');
  expect(connect()).toMatchObject({ clean: false, properties: { sessionExpiryInterval: 300 } });
});

test('a broker that keeps QoS 0 in a session is asked for none, or old telemetry would come like new', async () => {
  await tabs(0, { ...HOME, profile: { ...HOME.profile, kind: 'emqx' } });
  expect(connect()).toMatchObject({ clean: true, properties: { sessionExpiryInterval: 0 } });
});

test('a refused password is not tried again with each tab that is closed; a new one is', async () => {
  const [leader, ...others] = await tabs(2);
  const usual = world.broker.script;
  refuseAll();
  await until(() => link(leader)?.phase === 'refused');
  const before = world.broker.sockets.length;
  await leader.close();
  await until(() => others.some(leads));
  others.find(leads)!.crash();
  const last = others.find((tab) => !leads(tab))!;
  await until(() => leads(last) && link(last)?.phase === 'refused');
  expect(link(last)).toMatchObject({ cause: 'credential', reason: expect.stringContaining('ada') as string });
  await world.pass(60_000);
  expect(world.broker.sockets.length).toBe(before);
  world.broker.script = usual;
  await last.page.call('signIn', { ...HOME, credential: { username: 'ada', password: 'another' } });
  await until(() => link(last)?.phase === 'live');
});

test('another client has our id: only a person starts again, no event and no hand-over', async () => {
  const [leader, heir] = await tabs(1);
  world.broker.last!.answer({ cmd: 'disconnect', reasonCode: 0x8e });
  world.broker.last!.closeWith(1000);
  await until(() => link(leader)?.cause === 'taken-over');
  const before = world.broker.sockets.length;
  await heir!.page.call('retryNow');
  await leader.close();
  await until(() => leads(heir!) && link(heir!)?.phase === 'refused');
  await world.pass(10_000);
  expect(world.broker.sockets.length).toBe(before);
  await heir!.page.call('retryNow', true);
  await until(() => link(heir!)?.phase === 'live');
});

test('somebody else signs in in the last tab: the session of the one before is ended', async () => {
  const [tab] = await tabs(0, QUEUED);
  const first = world.broker.last!;
  await tab.page.call('signIn', {
    ...QUEUED,
    username: 'bob',
    credential: { username: 'bob', password: 'x' },
  });
  expect(first.packets.at(-1)).toMatchObject({
    cmd: 'disconnect',
    properties: { sessionExpiryInterval: 0 },
  });
});

test('a new password after a refusal begins a session of its own', async () => {
  const [tab] = await tabs(0, QUEUED);
  const usual = world.broker.script;
  refuseAll();
  await until(() => link(tab)?.phase === 'refused');
  world.broker.script = usual;
  await tab.page.call('signIn', { ...QUEUED, credential: { username: 'ada', password: 'new' } });
  expect(connect()?.clean).toBe(true);
});

test('signed out without a link, closed and opened again: what the broker kept is not wanted any more', async () => {
  const [tab] = await tabs(0, QUEUED);
  const usual = world.broker.script;
  world.broker.script = (_packet, socket) => {
    socket.closeWith(1006);
    return false;
  };
  world.broker.last!.closeWith(1006);
  await until(() => link(tab)?.phase === 'offline');
  await tab.page.call('signOut');
  await tab.close();
  world.broker.script = usual;
  const [again] = await tabs(0, QUEUED);
  expect(connect()?.clean).toBe(true);
  world.broker.last!.closeWith(1006);
  await until(() => link(again)?.phase === 'live' && world.broker.last!.connect?.clean === false);
});
