import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertRule } from '../../../../src/model/alert/rule.ts';
import type { TryAnswer } from '../../../../src/engine-api/rules.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { alertRule, openAlertHome, type AlertHome } from '../../../support/alert-home.ts';

const HOT = alertRule('hot', { when: 'above', channel: 't', value: 80 });

let clock: FakeClock;
let at: AlertHome;
let begin: number;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  clock = new FakeClock();
  begin = clock.now();
  at = await openAlertHome(clock);
});
afterEach(() => at.home.close());

/** One value each ten seconds. */
async function past(device: string, values: readonly number[]): Promise<void> {
  for (const t of values) {
    at.sample(device, { t });
    clock.advance(10_000);
  }
  await at.home.history.flush();
}

async function tried(
  rule: AlertRule,
): Promise<TryAnswer & { readonly spans: readonly (readonly number[])[] }> {
  const answer = await at.home.alerts.tryRule({ rule, from: begin, to: clock.now() });
  const second = (time: number) => Math.round((time - begin) / 1000);
  const spans = answer.alerts.map(({ from, to }) =>
    to === undefined ? [second(from)] : [second(from), second(to)],
  );
  return { ...answer, spans };
}

test('how often it would have fired, and when; what still fires has no end', async () => {
  await past('a', [70, 81, 85, 70, 70, 90, 70, 81]);
  expect(await tried(HOT)).toMatchObject({ devices: 1, samples: 8, spans: [[10, 30], [50, 60], [70]] });
  expect(at.states()).toEqual([]);
});

test('for so long, found by the clock of that time', async () => {
  await past('a', [81, 70, 81, 81, 81, 81, 70]);
  expect((await tried({ ...HOT, for: 25 })).spans).toEqual([[45, 60]]);
});

test('silence, and a silence in which nobody listened', async () => {
  await past('a', [1, 1]);
  clock.advance(100_000);
  await past('a', [1]);
  const rule = alertRule('silent', { when: 'no-data', seconds: 60 });
  expect((await tried(rule)).spans).toEqual([[70, 120]]);
  at.home.history.gap(begin + 30_000, begin + 110_000);
  expect((await tried(rule)).spans).toEqual([]);
});

test('says for how long nobody listened, and from when on there is anything', async () => {
  clock.advance(50_000);
  await past('a', [70, 70]);
  at.home.history.gap(begin, begin + 40_000);
  clock.advance(100_000);
  at.home.history.gap(begin + 80_000, begin + 170_000);
  await past('a', [70]);
  expect(await tried(HOT)).toMatchObject({ first: begin + 50_000, unknown: 90_000 });
});

test('offline, by what the status was', async () => {
  at.receive({ type: 'status', device: 'a', online: true });
  clock.advance(10_000);
  at.receive({ type: 'status', device: 'a', online: false });
  clock.advance(60_000);
  at.receive({ type: 'status', device: 'a', online: true });
  clock.advance(10_000);
  await at.home.history.flush();
  expect((await tried(alertRule('off', { when: 'offline', seconds: 30 }))).spans).toEqual([[40, 70]]);
});

test('only the devices of its scope', async () => {
  await past('a', [81]);
  await past('b', [81]);
  const answer = await tried({ ...HOT, scope: { of: 'devices', ids: ['one:b'] } });
  expect(answer).toMatchObject({ devices: 1, alerts: [{ device: 'one:b' }] });
});

test('a past of two days goes through in parts without a seam', async () => {
  for (let i = 0; i < 48; i++) {
    at.sample('a', { t: i === 0 ? 70 : 81 });
    clock.advance(3_600_000);
  }
  await at.home.history.flush();
  expect((await tried(HOT)).spans).toEqual([[3_600]]);
});

test('many devices are looked at in steps, each of which says where to go on', async () => {
  for (let i = 0; i < 300; i++) at.sample(`d${i}`, { t: 81 });
  await at.home.history.flush();
  const to = clock.now() + 1;
  // Each device takes a tenth of a second on this clock, as a slow machine would.
  const { replay } = at.home.history;
  at.home.history.replay = (request) => {
    clock.advance(100);
    return replay.call(at.home.history, request);
  };
  let next: number | undefined = 0;
  let steps = 0;
  let found = 0;
  while (next !== undefined) {
    const answer: TryAnswer = await at.home.alerts.tryRule({ rule: HOT, from: begin, to, next });
    ({ next } = answer);
    steps++;
    found += answer.alerts.length;
  }
  expect(found).toBe(300);
  expect(steps).toBe(150);
});

test('a rule that cannot be used is refused with one sentence', async () => {
  await expect(tried({ ...HOT, on: { when: 'above', channel: '', value: 1 } })).rejects.toThrow(
    'The rule: "on.channel" must not be empty.',
  );
});
