import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ingest } from '../../../../src/engine/ingest.ts';
import { writeRules } from '../../../../src/model/alert/parse-rules.ts';
import type { AlertRule } from '../../../../src/model/alert/rule.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { alertRule, openAlertHome, type AlertHome } from '../../../support/alert-home.ts';

const HOT = alertRule('hot', { when: 'above', channel: 't', value: 80 });
const COLD = alertRule('cold', { when: 'below', channel: 't', value: 5 });

let clock: FakeClock;
let at: AlertHome;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  clock = new FakeClock();
  at = await openAlertHome(clock);
  at.home.alerts.rules.regain(clock.now(), true);
});
afterEach(() => at.home.close());

function arrives(topic: string, text: string): void {
  ingest(at.home, topic, new TextEncoder().encode(text), {
    retain: true,
    qos: 1,
    dup: false,
    receivedAt: clock.now(),
  });
}

const offers = (...rules: AlertRule[]) => arrives('telltale/rules', writeRules(rules));

function mayRead(...subscribe: string[]): void {
  const document = { version: 1, username: 'ada', role: 'viewer', subscribe, publish: [] };
  arrives('telltale/policy/ada', JSON.stringify(document));
}

const wanted = () => at.home.subscriptions.list().map(({ filter }) => filter);

test('the rules of the site are asked for only where the policy says that they may be read', () => {
  expect(wanted()).not.toContain('telltale/rules');
  mayRead('telltale/policy/ada', 'telltale/rules');
  expect(wanted()).toContain('telltale/rules');
  mayRead('telltale/policy/ada');
  expect(wanted()).not.toContain('telltale/rules');
});

test('they are offered, and watch nothing before they are adopted', async () => {
  offers(HOT);
  at.sample('a', { t: 90 });
  expect(at.states()).toEqual([]);
  expect(at.home.alerts.state).toMatchObject({ adopted: [], offered: { rules: [HOT] } });
  await at.home.alerts.adoptRules(at.home.alerts.state.offered!.revision);
  at.sample('a', { t: 91 });
  expect(at.states()).toEqual(['site:hot one:a firing']);
});

test("adopting adds to one's own rules and silences none of them", async () => {
  await at.home.alerts.setRules([HOT]);
  offers({ ...HOT, enabled: false }, COLD);
  await at.home.alerts.adoptRules(1);
  at.sample('a', { t: 90 });
  expect(at.states()).toEqual(['own:hot one:a firing']);
});

test("a rule of the site that is the very same as one's own is watched once, and still when one's own is gone", async () => {
  await at.home.alerts.setRules([HOT]);
  offers(HOT);
  await at.home.alerts.adoptRules(1);
  at.sample('a', { t: 90 });
  expect(at.states()).toEqual(['own:hot one:a firing']);
  await at.home.alerts.setRules([]);
  at.sample('a', { t: 91 });
  expect(at.states()).toContain('site:hot one:a firing');
});

test('rules that are taken away at the site are watched until that is adopted as well', async () => {
  offers(HOT);
  await at.home.alerts.adoptRules(1);
  arrives('telltale/rules', '');
  expect(at.home.alerts.state).toMatchObject({ adopted: [HOT], offered: { rules: [] } });
  at.sample('a', { t: 90 });
  expect(at.states()).toEqual(['site:hot one:a firing']);
  await at.home.alerts.adoptRules(2);
  expect(at.states()).toEqual(['site:hot one:a resolved']);
});

test('what changed between looking and adopting is not adopted unseen', async () => {
  offers(HOT);
  offers({ ...HOT, enabled: false });
  await expect(at.home.alerts.adoptRules(1)).rejects.toThrow(
    'The rules of the site have changed meanwhile. Look at them again.',
  );
  expect(at.home.alerts.state.adopted).toEqual([]);
});

test('adopted rules are there after a reload, offered or not', async () => {
  offers(HOT);
  await at.home.alerts.adoptRules(1);
  await at.home.close();
  at = await openAlertHome(clock);
  expect(at.home.alerts.state).toEqual({ own: [], adopted: [HOT] });
});

test('a document that cannot be read offers nothing and says why; what is adopted goes on', async () => {
  offers(HOT);
  await at.home.alerts.adoptRules(1);
  arrives('telltale/rules', '{"version":1,"rules":[{"id":"x"}]}');
  expect(at.home.alerts.state.offerFaults?.[0]).toBe('Rule 1: "name" must be a text for people.');
  expect(at.home.alerts.state.offered).toMatchObject({ rules: [HOT] });
  expect(at.home.alerts.state.adopted).toEqual([HOT]);
});

test('without a link nothing is shared, and it says so', async () => {
  await expect(at.home.alerts.publishRules([HOT])).rejects.toThrow('There is no link to the broker.');
});
