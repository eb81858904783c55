import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import { systemClock } from '../../../src/engine/time/clock.ts';
import { openDatabase } from '../../../src/storage/open-database.ts';
import { Changes } from '../../support/changes.ts';
import { connack, ScriptedBroker } from '../../support/scripted-broker.ts';
import { FakeBrowser } from '../../support/fake-tabs.ts';
import { settled } from '../../support/fake-session.ts';
import { testEngine } from '../../support/test-engine.ts';
import { alertRule } from '../../support/alert-home.ts';
import { TestPage } from '../../support/test-page.ts';

let broker: ScriptedBroker;
let engine: Engine;
let page: TestPage;
let browser: FakeBrowser;
let homes = 0;
const changes = new Changes();

beforeEach(async () => {
  browser = new FakeBrowser();
  broker = new ScriptedBroker();
  engine = await testEngine({
    openSocket: (url, names) => broker.openSocket(url, names),
    peers: browser.openTab(systemClock).peers,
  });
  page = new TestPage(engine);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await page.call('signOut');
  await engine.stop();
});

function home(name = `home-${++homes}`) {
  const profile = {
    name,
    kind: 'aedes' as const,
    urls: ['ws://one/mqtt'],
    root: 'devices',
    protocol: 4 as const,
  };
  return { base: '/', profile, username: 'ada' };
}

function signIn(request = home()) {
  return { ...request, credential: { username: 'ada', password: 'secret' } };
}

/** The broker does not let anybody in until the test says so. */
function silentBroker(): void {
  broker.script = (packet) => packet.cmd !== 'connect';
}

function attempts(n: number): Promise<unknown> {
  return changes.until(`${n} attempts`, () => {
    setImmediate(changes.changed);
    return broker.sockets.filter((socket) => socket.connect !== undefined).length >= n;
  });
}

/** The broker publishes. */
function deliver(topic: string, payload: string, retain = false): void {
  broker.last?.answer({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain });
}

function link(): string | undefined {
  return page.latest.link?.phase;
}

describe('leaving', () => {
  test('during an attempt: the sign-in says so, and no home is open afterwards', async () => {
    silentBroker();
    const signing = expect(page.call('signIn', signIn())).rejects.toThrow('Signed out');
    await attempts(1);
    await page.call('leave');
    await signing;
    broker.last?.answer(connack(0));
    await settled();
    expect(broker.sockets).toHaveLength(1);
    await expect(page.call('usage')).rejects.toThrow('No broker is open.');
  });

  test('before the home is open: it is not open afterwards', async () => {
    const signing = expect(page.call('signIn', signIn())).rejects.toThrow('Signed out');
    await page.call('leave');
    await signing;
    expect(broker.sockets).toHaveLength(0);
    await expect(page.call('usage')).rejects.toThrow('No broker is open.');
  });
});

describe('signing out', () => {
  test('during an attempt: the sign-in says so, and nothing connects afterwards', async () => {
    silentBroker();
    const signing = expect(page.call('signIn', signIn())).rejects.toThrow(
      'Signed out before the broker answered.',
    );
    await attempts(1);
    await page.call('signOut');
    await signing;
    broker.last?.answer(connack(0));
    await settled();
    await page.until('signed out', () => page.latest.link?.cause === 'signed-out');
    expect(broker.sockets).toHaveLength(1);
  });

  test('before the home is open: the sign-in that was asked for first does not win', async () => {
    const signing = expect(page.call('signIn', signIn())).rejects.toThrow('Signed out');
    await page.call('signOut');
    await signing;
    await settled();
    expect(broker.sockets).toHaveLength(0);
  });

  test('and in again at once: the second one stands', async () => {
    silentBroker();
    const first = expect(page.call('signIn', signIn())).rejects.toThrow('Signed out');
    await attempts(1);
    await page.call('signOut');
    broker.script = () => true;
    const second = page.call('signIn', signIn());
    await Promise.all([first, second]);
    await page.until('live', () => link() === 'live');
    broker.sockets[0]?.answer(connack(0));
    await settled();
    expect(link()).toBe('live');
  });

  test('while the history is being deleted: it does not connect again', async () => {
    await page.call('signIn', signIn());
    const original = indexedDB.deleteDatabase.bind(indexedDB);
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation((name) => {
      void page.call('signOut');
      return original(name);
    });
    await page.call('forgetHistory');
    await settled();
    expect(broker.sockets).toHaveLength(1);
    expect(link()).toBe('offline');
  });

  test('leaves the fleet as it was, dated and not live', async () => {
    await page.call('signIn', signIn());
    deliver('devices/a/status', '{"online":true}', true);
    deliver('devices/a/telemetry', '{"t":1}');
    await page.until('live', () => page.value('a', 't')?.source === 'live');
    await page.call('signOut');
    await page.until('stale', () => page.value('a', 't')?.source === 'stale');
    expect(page.device('a')?.status).toBe('stale');
    expect(page.latest.policy).toBeNull();
  });
});

describe('one home at a time', () => {
  test('two sign-ins at once end in one home, the later one, with one lead', async () => {
    const [first, second] = [signIn(), signIn()];
    await Promise.all([page.call('signIn', first), page.call('signIn', second)]);
    expect(browser.leads()).toHaveLength(1);
    expect(browser.leads()[0]).toContain(second.profile.name);
    expect(broker.sockets.filter((socket) => !socket.closed)).toHaveLength(1);
  });

  test('another home starts afresh: nothing of the first is shown', async () => {
    await page.call('signIn', signIn());
    deliver('devices/a/telemetry', '{"t":1}');
    await page.until('the device', () => page.device('a'));
    await page.call('signIn', signIn());
    await page.until('gone', () => page.devices.size === 0);
    expect(browser.leads()).toHaveLength(1);
  });

  test('signing in to the same home again keeps what is shown', async () => {
    const request = signIn();
    await page.call('signIn', request);
    deliver('devices/a/telemetry', '{"t":1}');
    await page.until('the device', () => page.device('a'));
    const before = page.frames.length;
    await page.call('signIn', request);
    expect(page.frames.slice(before).some((frame) => frame.snapshot)).toBe(false);
    expect(page.device('a')).toBeDefined();
  });

  test('without a home every call that needs one says what to do', async () => {
    await expect(page.call('send', { device: 'devices:a', name: 'x', args: {} })).rejects.toThrow(
      'No broker is open. Sign in first.',
    );
    await page.call('retryNow');
    await page.call('signOut');
  });
});

describe('deleting the history', () => {
  test('ends with an empty fleet and the link up again', async () => {
    await page.call('signIn', signIn());
    deliver('devices/a/telemetry', '{"t":1}');
    await page.until('the device', () => page.device('a'));
    await page.call('forgetHistory');
    await page.until('gone', () => page.devices.size === 0);
    await page.until('live', () => link() === 'live');
    deliver('devices/a/telemetry', '{"t":2}');
    await page.until('the next value', () => page.value('a', 't')?.value === 2);
    expect((await page.call('exportHistory', 'devices:a')).samples).toBe(1);
  });

  test('leaves the rules for alerts as they are: they are no history', async () => {
    await page.call('signIn', signIn());
    const hot = alertRule('hot', { when: 'above', channel: 't', value: 80 });
    await page.call('setRules', [hot]);
    await page.call('forgetHistory');
    await page.until('live', () => link() === 'live');
    await page.until('the rule', () => page.latest.rules?.own.length === 1);
    deliver('devices/a/telemetry', '{"t":81}');
    await page.until('the alert', () => page.latest.alerts?.some(({ rule }) => rule === 'own:hot') === true);
  });

  test('that fails says why, and the home works on: nothing dead that looks live', async () => {
    await page.call('signIn', signIn());
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation(() => {
      throw new DOMException('no', 'UnknownError');
    });
    await expect(page.call('forgetHistory')).rejects.toThrow(/\.$/);
    await page.until('live', () => link() === 'live');
    deliver('devices/a/telemetry', '{"t":2}');
    await page.until('a live value', () => page.value('a', 't')?.source === 'live');
    expect((await page.call('exportHistory', 'devices:a')).samples).toBe(1);
  });

  test('without a link goes on trying to connect', async () => {
    const request = signIn();
    await page.call('signIn', request);
    broker.script = (_packet, socket) => {
      socket.closeWith(1006);
      return false;
    };
    broker.last?.closeWith(1006);
    await page.until('offline', () => link() === 'offline');
    await page.call('forgetHistory');
    await page.until('offline, with a retry', () => page.latest.link?.retryAt !== undefined);
    broker.script = () => true;
    await page.call('retryNow');
    await page.until('live', () => link() === 'live');
  });
});

describe('a database that cannot be opened', () => {
  test('leaves a page that works and says what it lacks', async () => {
    const reason = 'The browser gives this page no storage.';
    const other = await testEngine({
      openSocket: (url, names) => broker.openSocket(url, names),
      openDatabase: async () => ({ reason }),
    });
    const seen = new TestPage(other);
    await seen.call('signIn', signIn());
    await seen.until('what it lacks', () => seen.latest.link?.lacks.includes(reason));
    const { id } = await seen.call('send', { device: 'devices:a', name: 'x', args: {} });
    await seen.until('accepted', () => seen.commands.get(id)?.outcome === 'accepted');
    await other.stop();
  });

  test('the client id of a home stays the same from one opening to the next', async () => {
    const request = signIn();
    await page.call('signIn', request);
    await engine.stop();
    const other = await testEngine({
      openSocket: (url, names) => broker.openSocket(url, names),
      openDatabase,
    });
    await new TestPage(other).call('signIn', request);
    const [first, second] = broker.sockets.map((socket) => socket.connect?.clientId);
    expect(first).toMatch(/^[a-z0-9]{23}$/);
    expect(second).toBe(first);
    await other.stop();
  });
});

test('a page that joins late gets everything, a page that left gets nothing', async () => {
  await page.call('signIn', signIn());
  deliver('devices/a/telemetry', '{"t":1}');
  await page.until('the device', () => page.device('a'));
  const late = new TestPage(engine);
  await late.until('the value', () => late.value('a', 't')?.value === 1);
});
