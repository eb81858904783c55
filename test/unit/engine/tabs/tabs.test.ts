import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEAVING_CHANNEL, WIRE_VERSION } from '../../../../src/engine-api/wire.ts';
import { openDatabase } from '../../../../src/storage/open-database.ts';
import { settled } from '../../../support/fake-session.ts';
import { HOME, role, TabWorld } from '../../../support/tab-world.ts';

let world: TabWorld;

beforeEach(() => {
  world = new TabWorld();
});
afterEach(() => world.end());

const tabs = (followers: number) => world.signedIn(followers);
const until = (what: () => boolean, ms?: number) => world.until(what, ms);

describe('a tab whose home is live in another one', () => {
  test('is signed in at once, shows what the leader sees, and opens no connection', async () => {
    const [leader, follower] = await tabs(1);
    world.deliver('devices/a/telemetry', '{"t":1}');
    await follower!.page.until('the value', () => follower!.page.value('a', 't')?.value === 1);
    expect(follower!.page.value('a', 't')?.source).toBe('live');
    expect([role(leader!), role(follower!)]).toEqual(['leader', 'follower']);
    expect(world.broker.sockets).toHaveLength(1);
  });

  test('gets nothing beyond its credit, and then all at once', async () => {
    const [leader, follower] = await tabs(1);
    const shown = { series: [], devices: [], shown: ['devices:a'] };
    for (const tab of [leader!, follower!]) await tab.page.call('watch', shown);
    const before = follower!.page.frames.length;
    follower!.page.withhold = true;
    world.deliver('devices/a/telemetry', '{"t":1}');
    await leader!.page.until('the leader has it', () => leader!.page.value('a', 't')?.value === 1);
    for (let i = 2; i < 50; i++) world.deliver('devices/a/telemetry', `{"t":${i}}`);
    await leader!.page.until('the leader has all', () => leader!.page.value('a', 't')?.value === 49);
    await world.pass(500);
    expect(follower!.page.frames.length - before).toBeLessThanOrEqual(1);
    follower!.page.withhold = false;
    follower!.page.credit();
    await follower!.page.until('the last one', () => follower!.page.value('a', 't')?.value === 49);
    expect(follower!.page.frames.length - before).toBeLessThanOrEqual(2);
  });

  test('reads the history by itself, to the last sample, and writes none', async () => {
    const [, follower] = await tabs(1);
    for (let i = 0; i < 20; i++) world.deliver('devices/a/telemetry', `{"t":${i}}`);
    await follower!.page.until('the last', () => follower!.page.value('a', 't')?.value === 19);
    const range = { from: world.clock.now() - 60_000, to: world.clock.now() + 60_000, pixels: 400 };
    const answer = await follower!.page.call('series', {
      channels: [{ device: 'devices:a', channel: 't' }],
      ...range,
    });
    expect(answer.series[0]?.samples).toBe(20);
    world.deliver('devices/b/telemetry', '{"new":5}');
    await follower!.page.until('a new series', () => follower!.page.value('b', 'new')?.value === 5);
    const exported = await follower!.page.call('exportHistory', 'devices:b');
    expect(exported.samples).toBe(1);
    const asked = world.browser.said.flatMap(({ message }) => {
      const { message: inner } = message as { message?: { name?: string } };
      return inner?.name ? [inner.name] : [];
    });
    expect(asked).not.toContain('series');
    expect(asked).not.toContain('exportHistory');
  });

  test('sends a command through the leader, and sees what becomes of it', async () => {
    const [, follower] = await tabs(1);
    const { id } = await follower!.page.call('send', { device: 'devices:a', name: 'on', args: {} });
    await follower!.page.until('accepted', () => follower!.page.commands.get(id)?.outcome === 'accepted');
    expect(published()).toEqual([id]);
  });

  test('signs out for all of them', async () => {
    const [leader, follower] = await tabs(1);
    await follower!.page.call('signOut');
    await leader!.page.until('signed out', () => leader!.page.latest.link?.cause === 'signed-out');
    expect(world.connections).toHaveLength(0);
    leader!.crash();
    await until(() => follower!.page.latest.link?.tab === 'leader');
    await world.pass(1_000);
    expect(world.connections).toHaveLength(0);
  });

  test('is signed out when it is the first of a later visit: nothing was kept', async () => {
    const all = await tabs(1);
    for (const tab of all) await tab.close();
    const later = await world.open();
    await later.page.call('open', HOME);
    await world.pass(500);
    expect(later.page.latest.link?.cause).toBe('signed-out');
  });

  test('a mistyped password is refused and costs nobody the link', async () => {
    const [leader, follower] = await tabs(1);
    const asUsual = world.broker.script;
    world.broker.script = (packet, socket) => {
      if (packet.cmd === 'connect' && String(packet.password) === 'wrong') {
        socket.answer({ cmd: 'connack', sessionPresent: false, returnCode: 0x86, reasonCode: 0x86 });
        return false;
      }
      return asUsual(packet, socket);
    };
    const wrong = { ...HOME, credential: { username: 'ada', password: 'wrong' } };
    await expect(follower!.page.call('signIn', wrong)).rejects.toThrow('refused the password');
    await until(() => role(leader!) === 'leader' && role(follower!) === 'follower');
  });
});

describe('the leader', () => {
  test('is closed: a follower takes over with the same client id, and never two at once', async () => {
    const [leader, follower] = await tabs(1);
    await leader!.close();
    await until(() => role(follower!) === 'leader');
    const [first, second] = world.broker.sockets.map((socket) => socket.connect?.clientId);
    expect(second).toBe(first);
    expect(world.mostAtOnce).toBe(1);
    world.deliver('devices/a/telemetry', '{"t":2}');
    await follower!.page.until('live', () => follower!.page.value('a', 't')?.source === 'live');
  });

  test('crashes: its lock comes free without a word, and one of two followers takes over at once', async () => {
    const [leader, ...followers] = await tabs(2);
    const begun = world.clock.now();
    leader!.crash();
    await until(() => followers.filter((one) => role(one) === 'leader').length === 1);
    expect(world.clock.now() - begun).toBeLessThan(1_000);
    await until(() => followers.filter((one) => role(one) === 'follower').length === 1);
    expect(world.connections).toHaveLength(1);
  });

  test('hangs and keeps its lock: it is replaced within 8 s, and ends its client when it comes to itself', async () => {
    const [leader, ...followers] = await tabs(2);
    leader!.tab.hang();
    const begun = world.clock.now();
    await world.pass(5_000);
    expect(world.browser.holder(world.browser.leads()[0]!)).toBe(leader!.tab);
    await until(() => followers.some((one) => role(one) === 'leader'));
    expect(world.clock.now() - begun).toBeLessThan(8_000);
    await world.pass(2_000);
    const connects = world.broker.sockets.length;
    leader!.tab.recover();
    await until(() => role(leader!) === 'follower');
    await world.pass(60_000);
    expect(world.broker.sockets).toHaveLength(connects);
    expect(world.connections).toHaveLength(1);
    expect(world.mostAtOnce).toBe(1);
  });

  test('hangs under two followers who steal at the same moment: one leader', async () => {
    const [leader, ...followers] = await tabs(2);
    leader!.tab.hang();
    await world.pass(12_000);
    const thieves = world.browser.asked.filter(({ name }) => name.endsWith(':steal'));
    expect(new Set(thieves.map(({ tab }) => tab)).size).toBe(2);
    expect(followers.map(role).sort()).toEqual(['follower', 'leader']);
    expect(world.broker.sockets).toHaveLength(2);
  });

  test('hangs for less than three beats: nobody takes over', async () => {
    const [leader, follower] = await tabs(1);
    await world.pass(2_000);
    leader!.tab.hang();
    await world.pass(3_500);
    leader!.tab.recover();
    await world.pass(15_000);
    expect([role(leader!), role(follower!)]).toEqual(['leader', 'follower']);
    expect(world.broker.sockets).toHaveLength(1);
  });

  test('that was replaced while it hung cannot write: its samples of that time are refused', async () => {
    const [leader, follower] = await tabs(1);
    world.deliver('devices/a/telemetry', '{"t":1}');
    await follower!.page.until('the first', () => follower!.page.value('a', 't')?.value === 1);
    await world.pass(2_000);
    world.deliver('devices/a/telemetry', '{"t":2}');
    await settled();
    leader!.tab.hang();
    await until(() => role(follower!) === 'leader');
    leader!.tab.recover();
    await until(() => role(leader!) === 'follower');
    await world.pass(5_000);
    const { text } = await follower!.page.call('exportHistory', 'devices:a');
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(text).toContain('"v":1}');
  });

  test('nobody looks at it: it yields to a tab that somebody looks at, and does not take it back', async () => {
    const [leader, follower] = await tabs(1);
    leader!.page.hide();
    await until(() => role(follower!) === 'leader', 20_000);
    await world.pass(20_000);
    expect(role(follower!)).toBe('leader');
    expect(world.mostAtOnce).toBe(1);
    expect(world.broker.sockets).toHaveLength(2);
  });

  test('is put aside by the browser and comes back: it follows whoever leads now', async () => {
    const [leader, follower] = await tabs(1);
    leader!.page.life('away');
    await until(() => role(follower!) === 'leader');
    leader!.tab.hang();
    await world.pass(10_000);
    leader!.tab.recover();
    leader!.page.life('back');
    await until(() => role(leader!) === 'follower');
    expect(world.connections).toHaveLength(1);
  });

  test('is put aside and stopped before it can give up its lock: it is replaced within half a second', async () => {
    const [leader, follower] = await tabs(1);
    leader!.tab.hang();
    const begun = world.clock.now();
    world.browser
      .openTab(world.clock)
      .peers.openChannel(LEAVING_CHANNEL, () => {})
      .post(WIRE_VERSION);
    await until(() => role(follower!) === 'leader');
    expect(world.clock.now() - begun).toBeLessThanOrEqual(500);
    expect(world.connections).toHaveLength(1);
  });

  test('lives while another tab is left: it stays the leader', async () => {
    const [leader, follower] = await tabs(1);
    world.browser
      .openTab(world.clock)
      .peers.openChannel(LEAVING_CHANNEL, () => {})
      .post(WIRE_VERSION);
    await world.pass(5_000);
    expect([role(leader!), role(follower!)]).toEqual(['leader', 'follower']);
    expect(world.broker.sockets).toHaveLength(1);
  });

  test('was left, and the one that has the lead is slow to open its store: nobody takes it from there', async () => {
    const [leader] = await tabs(0);
    let opens = () => {};
    const open = new Promise<void>((resolve) => (opens = resolve));
    const slow = await world.open({
      database: async (...args) => {
        await open;
        return openDatabase(...args);
      },
    });
    const other = await world.open();
    for (const tab of [slow, other]) {
      await tab.page.call('open', HOME);
      await tab.page.until('the leader lets it in', () => tab.page.latest.link?.tab === 'follower');
    }
    leader!.crash();
    world.browser
      .openTab(world.clock)
      .peers.openChannel(LEAVING_CHANNEL, () => {})
      .post(WIRE_VERSION);
    await world.pass(10_000);
    expect(world.browser.leads().map((home) => world.browser.holder(home))).toEqual([slow.tab]);
    opens();
    await until(() => role(slow) === 'leader' && role(other) === 'follower');
    expect(world.broker.sockets).toHaveLength(2);
    expect(world.mostAtOnce).toBe(1);
  });

  test('is alone, put aside and comes back: it connects again', async () => {
    const [leader] = await tabs(0);
    leader!.page.life('away');
    await until(() => world.connections.length === 0);
    leader!.page.life('back');
    await until(() => role(leader!) === 'leader');
  });
});

/** Ids of the commands that were published, in order. */
function published(): string[] {
  return world.broker.sockets.flatMap((socket) =>
    socket.packets.flatMap((packet) =>
      packet.cmd === 'publish' ? [JSON.parse(packet.payload.toString()).id as string] : [],
    ),
  );
}

test('a command given to a leader that hangs is made once more to the next one, under the same id', async () => {
  const [leader, follower] = await tabs(1);
  leader!.tab.hang();
  const sending = follower!.page.call('send', { device: 'devices:a', name: 'on', args: {} });
  await until(() => role(follower!) === 'leader');
  const { id } = await sending;
  await follower!.page.until('accepted', () => follower!.page.commands.get(id)?.outcome === 'accepted');
  leader!.tab.recover();
  await until(() => role(leader!) === 'follower');
  await world.pass(10_000);
  expect(new Set(published())).toEqual(new Set([id]));
  expect(published()).toHaveLength(1);
});

test('a command that a crashed leader had stored is sent by the next one as the same command', async () => {
  const [leader, ...followers] = await tabs(2);
  // The broker never acknowledges the first connection's publish.
  const asUsual = world.broker.script;
  world.broker.script = (packet, socket) =>
    packet.cmd === 'publish' && socket === world.broker.sockets[0] ? false : asUsual(packet, socket);
  const { id } = await followers[0]!.page.call('send', { device: 'devices:a', name: 'on', args: {} });
  leader!.crash();
  await until(() => followers.some((one) => role(one) === 'leader'));
  await until(() => followers.every((one) => one.page.commands.get(id)?.outcome === 'accepted'));
  expect(new Set(published())).toEqual(new Set([id]));
});

test('a newer build takes the lead, and the older tab is told to reload and writes no more', async () => {
  const [leader] = await tabs(0);
  const newer = world.browser.openTab(world.clock);
  const home = world.browser.leads()[0]!;
  const channel = newer.peers.openChannel(home, () => {});
  let stolen = false;
  void newer.peers.locks.request(home, { steal: true }, () => {
    stolen = true;
    return new Promise(() => {});
  });
  channel.post({ type: 'beat', hidden: false, v: 99, term: 99, from: 'newer' });
  await until(() => stolen && world.connections.length === 0);
  await leader!.page.until('told', () => leader!.page.versions.includes(99));
  await world.pass(20_000);
  expect(world.browser.holder(home)).toBe(newer);
  expect(world.connections).toHaveLength(0);
});

test('the password is in no message that all tabs hear, and in no database', async () => {
  const [leader] = await tabs(2);
  world.deliver('devices/a/telemetry', '{"t":1}');
  await leader!.page.until('the value', () => leader!.page.value('a', 't')?.value === 1);
  await world.pass(3_000);
  const home = world.browser.leads()[0]!;
  const heardByAll = world.browser.said.filter(({ channel }) => channel === home);
  expect(heardByAll.length).toBeGreaterThan(5);
  expect(JSON.stringify(heardByAll.map(({ message }) => message))).not.toContain('a secret word');
  const elsewhere = world.browser.said.filter(({ channel }) => channel !== home);
  expect(JSON.stringify(elsewhere.map(({ message }) => message))).toContain('a secret word');
  expect(await everythingStored()).not.toContain('a secret word');
});

/** All records of all databases as text. */
async function everythingStored(): Promise<string> {
  const found: unknown[] = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await asked(indexedDB.open(name!));
    for (const store of db.objectStoreNames) {
      found.push(await asked(db.transaction(store).objectStore(store).getAll()));
    }
    db.close();
  }
  expect(found.flat().length).toBeGreaterThan(3);
  return JSON.stringify(found);
}

function asked<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
