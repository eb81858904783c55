import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../support/fake-clock.ts';
import { alertRule, openAlertHome, type AlertHome } from '../../../support/alert-home.ts';

const HOT = alertRule('hot', { when: 'above', channel: 't', value: 80 });
const LONG = alertRule('long', { when: 'above', channel: 't', value: 80 }, { for: 30 });
const SILENT = alertRule('silent', { when: 'no-data', seconds: 60 });
const MUTE = alertRule('mute', { when: 'no-data', channel: 't', seconds: 60 });
const OFF = alertRule('off', { when: 'offline', seconds: 60 });

let clock: FakeClock;
let at: AlertHome;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  clock = new FakeClock();
  at = await openAlertHome(clock);
  at.home.alerts.rules.regain(clock.now(), true);
});
afterEach(() => at.home.close());

/** The page is closed, and `away` ms later another one is opened, whose link comes up at once. */
async function reopen(away = 1_000): Promise<void> {
  await at.home.close();
  clock.advance(away);
  at = await openAlertHome(clock);
  at.home.live.link(true, clock.now());
  at.home.alerts.rules.regain(clock.now(), true);
}

describe('a value breaks a rule', () => {
  test('it is announced once, stands while it lasts, and is over', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 70 });
    at.sample('a', { t: 81 });
    at.sample('a', { t: 82 });
    expect(at.notices()).toEqual(['hot on one:a: t is above 80 (81).']);
    expect(at.states()).toEqual(['own:hot one:a firing']);
    at.sample('a', { t: 70 });
    expect(at.states()).toEqual(['own:hot one:a resolved']);
    const { events } = await at.home.history.events({ from: 0, to: clock.now() + 1 });
    expect(events).toMatchObject([
      { kind: 'alert', state: 'firing', rule: 'own:hot', channel: 't' },
      { kind: 'alert', state: 'resolved' },
    ]);
  });

  test('each device and each rule by itself', async () => {
    await at.home.alerts.setRules([HOT, alertRule('warm', { when: 'above', channel: 't', value: 50 })]);
    at.sample('a', { t: 60 });
    at.sample('b', { t: 90 });
    at.sample('c', { t: 40, other: 99 });
    expect(at.states()).toEqual(['own:warm one:b firing', 'own:hot one:b firing', 'own:warm one:a firing']);
  });

  test('for so long, by the clock and with no further value', async () => {
    await at.home.alerts.setRules([LONG]);
    at.home.live.link(true, clock.now());
    at.sample('a', { t: 81 });
    expect(at.states()).toEqual(['own:long one:a pending']);
    clock.advance(29_999);
    expect(at.notices()).toEqual([]);
    clock.advance(1);
    expect(at.states()).toEqual(['own:long one:a firing']);
  });

  test('a retained copy is not a reading of now', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 }, { retain: true });
    expect(at.states()).toEqual([]);
  });

  test('what the broker had queued counts at its own time, and not when it is older than what is known', async () => {
    await at.home.alerts.setRules([HOT]);
    const now = clock.now();
    at.sample('a', { t: 70 });
    const old = {
      type: 'samples',
      device: 'a',
      channels: ['t'],
      values: [90],
      clock: 'absolute',
    } as const;
    at.receive({ ...old, ts: now - 5_000 }, { queued: true, qos: 1 });
    expect(at.states()).toEqual([]);
    clock.advance(60_000);
    at.receive({ ...old, ts: now + 30_000 }, { queued: true, qos: 1 });
    expect(at.home.alerts.list()).toMatchObject([{ state: 'firing', since: now + 30_000 }]);
  });

  test('a whole fleet in trouble is not announced a thousand times', async () => {
    await at.home.alerts.setRules([HOT]);
    for (let i = 0; i < 1_000; i++) at.sample(`d${i}`, { t: 90 });
    expect(at.notices()).toHaveLength(3);
    clock.advance(5_000);
    expect(at.notices().at(-1)).toBe('997 more alerts. The first: hot on one:d3: t is above 80 (90).');
    expect(at.states()).toHaveLength(1_000);
  });
});

describe('silence and status', () => {
  test('a device that says nothing any more, found by time alone', async () => {
    await at.home.alerts.setRules([SILENT]);
    at.sample('a', { t: 1 });
    clock.advance(50_000);
    at.sample('a', { t: 1 });
    clock.advance(59_999);
    expect(at.states()).toEqual([]);
    clock.advance(1);
    expect(at.states()).toEqual(['own:silent one:a firing']);
    at.sample('a', { t: 1 });
    expect(at.states()).toEqual(['own:silent one:a resolved']);
    clock.advance(60_000);
    expect(at.states()).toEqual(['own:silent one:a firing', 'own:silent one:a resolved']);
  });

  test('one channel that stops while another one goes on', async () => {
    await at.home.alerts.setRules([MUTE, SILENT]);
    at.sample('a', { t: 1, h: 1 });
    for (let i = 0; i < 7; i++) {
      clock.advance(10_000);
      at.sample('a', { h: 1 });
    }
    expect(at.states()).toEqual(['own:mute one:a firing']);
    at.sample('a', { t: 1 });
    expect(at.states()).toEqual(['own:mute one:a resolved']);
  });

  test('offline for so long', async () => {
    await at.home.alerts.setRules([OFF]);
    at.receive({ type: 'status', device: 'a', online: true });
    at.receive({ type: 'status', device: 'a', online: false });
    const ours = () => at.states().filter((state) => state.startsWith('own:'));
    expect(ours()).toEqual(['own:off one:a pending']);
    clock.advance(60_000);
    expect(ours()).toEqual(['own:off one:a firing']);
    at.receive({ type: 'status', device: 'a', online: true });
    expect(ours()).toEqual(['own:off one:a resolved']);
  });

  test('while nobody listens nothing is silent, and what fires is not known', async () => {
    await at.home.alerts.setRules([SILENT, HOT]);
    at.sample('a', { t: 81 });
    at.home.alerts.rules.lose(clock.now());
    clock.advance(600_000);
    expect(at.states()).toEqual(['own:hot one:a firing?']);
  });

  test('a device that nobody listens to is not silent, and is from when somebody does', async () => {
    const listens: { since?: number } = {};
    at.home.live.listensSince = () => listens.since;
    await at.home.alerts.setRules([SILENT]);
    at.sample('a', { t: 1 });
    clock.advance(600_000);
    expect(at.states()).toEqual([]);
    listens.since = clock.now();
    clock.advance(59_999);
    expect(at.states()).toEqual([]);
    clock.advance(60_000);
    expect(at.states()).toEqual(['own:silent one:a firing']);
  });

  test('silence of weeks is longer than a timer of the browser, which does not make it shorter', async () => {
    await at.home.alerts.setRules([alertRule('weeks', { when: 'no-data', seconds: 28 * 86_400 })]);
    at.sample('a', { t: 1 });
    for (let day = 0; day < 27; day++) clock.advance(86_400_000);
    const ours = () => at.states().filter((state) => state.startsWith('own:'));
    expect(ours()).toEqual([]);
    clock.advance(86_400_000);
    expect(ours()).toEqual(['own:weeks one:a firing']);
  });

  test('a computer that slept for an hour heard nothing of that hour', async () => {
    await at.home.alerts.setRules([SILENT]);
    at.sample('a', { t: 1 });
    clock.sleep(3_600_000);
    clock.advance(30_000);
    expect(at.states()).toEqual([]);
    clock.advance(60_000);
    expect(at.states()).toEqual(['own:silent one:a firing']);
  });

  test('a clock that is set forward makes nobody silent, and nothing last longer', async () => {
    await at.home.alerts.setRules([SILENT, LONG]);
    at.home.live.link(true, clock.now());
    at.sample('a', { t: 81 });
    clock.set(clock.now() + 3_600_000);
    clock.advance(25_000);
    expect(at.states()).toEqual(['own:long one:a pending']);
    at.sample('a', { t: 81 });
    clock.advance(6_000);
    expect(at.states()).toEqual(['own:long one:a firing']);
  });
});

describe('a reload, another leader', () => {
  test('the same breach is the same alert: no second notice, and it ends when the device says so', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 });
    const [before] = at.home.alerts.list();
    await reopen();
    expect(at.home.alerts.list()).toMatchObject([{ id: before?.id, state: 'firing', unknown: true }]);
    at.sample('a', { t: 82 });
    expect(at.states()).toEqual(['own:hot one:a firing']);
    expect(at.notices()).toEqual([]);
    at.sample('a', { t: 70 });
    expect(at.states()).toEqual(['own:hot one:a resolved']);
    await reopen();
    expect(at.states()).toEqual([]);
    at.sample('a', { t: 81 });
    expect(at.notices()).toHaveLength(1);
  });

  test('who acknowledged it is still known', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 });
    at.home.alerts.acknowledge([at.home.alerts.list()[0]!.id]);
    const [at0] = [clock.now()];
    await reopen();
    at.sample('a', { t: 82 });
    expect(at.home.alerts.list()).toMatchObject([
      { state: 'acknowledged', acknowledged: { at: at0, by: 'ada' } },
    ]);
  });

  test('a device that was offline before is not announced again', async () => {
    at.receive({ type: 'status', device: 'a', online: true });
    at.receive({ type: 'status', device: 'a', online: false });
    expect(at.notices()).toEqual(['one:a is offline.']);
    await reopen();
    at.receive({ type: 'status', device: 'a', online: false }, { retain: true });
    expect(at.notices()).toEqual([]);
    expect(at.home.alerts.list()).toMatchObject([{ kind: 'offline', state: 'firing' }]);
  });

  test('one that goes on and off is still known to do so', async () => {
    await at.home.alerts.setRules([HOT]);
    for (let i = 0; i < 3; i++) {
      at.sample('a', { t: 81 });
      at.sample('a', { t: 70 });
      clock.advance(1_000);
    }
    await reopen();
    at.sample('a', { t: 81 });
    at.sample('a', { t: 70 });
    expect(at.home.alerts.list()[0]).toMatchObject({ state: 'firing', flapping: true });
  });

  test('a leader whose term is over writes no alert any more', async () => {
    await at.home.alerts.setRules([HOT]);
    await at.home.history.flush();
    const next = await openAlertHome(clock, at.home.history.term);
    at.sample('a', { t: 81 });
    await at.home.alerts.settled();
    await next.home.close();
    const last = await openAlertHome(clock, next.home.history.term);
    expect(last.states()).toEqual([]);
    await last.home.close();
  });

  test('what the broker delivers a second time does not fire a second time', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 }, { qos: 1 });
    at.sample('a', { t: 70 }, { qos: 1 });
    await reopen();
    at.sample('a', { t: 81 }, { qos: 1, dup: true, stored: true });
    at.sample('a', { t: 70 }, { qos: 1, dup: true, stored: true });
    expect(at.states()).toEqual([]);
    expect(at.notices()).toEqual([]);
  });
});

describe('the rules change', () => {
  test('what a rule had raised that is taken away is over, and says why', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 });
    await at.home.alerts.setRules([]);
    expect(at.home.alerts.list()).toMatchObject([{ state: 'resolved' }]);
    expect(at.home.alerts.list()[0]?.text).toContain('It is not watched for any more.');
    at.sample('a', { t: 90 });
    expect(at.states()).toHaveLength(1);
  });

  test('one that gets another name goes on', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 });
    const [before] = at.home.alerts.list();
    await at.home.alerts.setRules([{ ...HOT, name: 'Far too hot', severity: 'critical' }]);
    expect(at.home.alerts.list()).toMatchObject([{ id: before?.id, state: 'firing', severity: 'critical' }]);
    expect(at.home.alerts.list()[0]?.text).toContain('Far too hot');
    expect(at.notices()).toHaveLength(1);
    at.sample('a', { t: 70 });
    expect(at.states()).toEqual(['own:hot one:a resolved']);
  });

  test('one that is switched off raises nothing and is kept', async () => {
    await at.home.alerts.setRules([{ ...HOT, enabled: false }]);
    at.sample('a', { t: 81 });
    expect(at.states()).toEqual([]);
    await reopen();
    expect(at.home.alerts.state.own).toMatchObject([{ id: 'hot', enabled: false }]);
  });

  test('a device that says later what it is gets the rules of its kind, and loses those of another', async () => {
    await at.home.alerts.setRules([{ ...HOT, scope: { of: 'kind', kind: 'boiler' } }]);
    at.sample('a', { t: 81 });
    expect(at.states()).toEqual([]);
    const described = (kind: string) =>
      at.receive({
        type: 'description',
        device: 'a',
        description: { kind, channels: new Map(), commands: [] },
      });
    described('boiler');
    at.sample('a', { t: 82 });
    expect(at.states()).toEqual(['own:hot one:a firing']);
    described('pump');
    expect(at.states()).toEqual(['own:hot one:a resolved']);
  });

  test('a device that is forgotten takes its alerts with it', async () => {
    await at.home.alerts.setRules([HOT, SILENT]);
    at.sample('a', { t: 81 });
    at.receive({ type: 'forget', device: 'a' });
    clock.advance(120_000);
    expect(at.states()).toEqual(['own:hot one:a resolved']);
  });

  test('rules that cannot be used are refused with one sentence, and those before go on', async () => {
    await at.home.alerts.setRules([HOT]);
    await expect(at.home.alerts.setRules([HOT, HOT])).rejects.toThrow(
      'Rule 2: the id "hot" is that of rule 1 as well. Give it another.',
    );
    at.sample('a', { t: 81 });
    expect(at.states()).toEqual(['own:hot one:a firing']);
  });
});

describe('acknowledging', () => {
  test('what is over cannot be acknowledged', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 });
    const { id } = at.home.alerts.list()[0]!;
    at.sample('a', { t: 70 });
    expect(() => at.home.alerts.acknowledge([id])).toThrow('That alert is over');
  });

  test('it is written down who did', async () => {
    await at.home.alerts.setRules([HOT]);
    at.sample('a', { t: 81 });
    at.home.alerts.acknowledge([at.home.alerts.list()[0]!.id]);
    const { events } = await at.home.history.events({ from: 0, to: clock.now() + 1 });
    expect(events.at(-1)).toMatchObject({ kind: 'alert', state: 'acknowledged', by: 'ada' });
  });
});
