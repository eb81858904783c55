import { beforeEach, expect, test } from 'vitest';
import { Subscriptions } from '../../../src/engine/subscriptions.ts';
import type { WantedFilter } from '../../../src/model/convention.ts';
import { FakeSession, settled } from '../../support/fake-session.ts';

let changes = 0;
let subscriptions: Subscriptions;
beforeEach(() => {
  changes = 0;
  subscriptions = new Subscriptions(() => changes++);
});

function state(filter: string, qos: 0 | 1 = 1): WantedFilter {
  return { filter, qos, carries: 'state' };
}

function telemetry(filter: string, qos: 0 | 1 = 0): WantedFilter {
  return { filter, qos, carries: 'telemetry' };
}

function states(): string[] {
  return subscriptions.list().map((subscription) => `${subscription.filter} ${subscription.state}`);
}

test('nothing is asked before there is a session', () => {
  expect(subscriptions.want([state('a/status')])).toBe(true);
  expect(subscriptions.list()).toEqual([{ filter: 'a/status', state: 'asked' }]);
});

test('a session is asked for state first, then telemetry, eight filters of one QoS at a time', () => {
  const session = new FakeSession();
  subscriptions.want([telemetry('t/#'), ...Array.from({ length: 10 }, (_, i) => state(`s/${i}`))]);
  void subscriptions.live(session);
  expect(session.asked.map(({ filters, qos }) => [filters.length, qos])).toEqual([
    [8, 1],
    [2, 1],
    [1, 0],
  ]);
  expect(session.asked[0]?.filters[0]).toBe('s/0');
  expect(session.asked[2]?.filters).toEqual(['t/#']);
});

test('the broker grants one filter, refuses another, and each says so', async () => {
  const session = new FakeSession();
  subscriptions.want([state('a'), state('b'), state('c')]);
  const live = subscriptions.live(session);
  session.asked[0]?.grant(1, 0x87, 0x80);
  await live;
  expect(subscriptions.list()).toEqual([
    { filter: 'a', state: 'granted', qos: 1 },
    { filter: 'b', state: 'refused', reason: 'Refused: this sign-in may not read it.' },
    { filter: 'c', state: 'refused', reason: 'Refused by the broker.' },
  ]);
});

test('a lower QoS than asked is what is shown', async () => {
  const session = new FakeSession();
  subscriptions.want([state('a')]);
  const live = subscriptions.live(session);
  session.asked[0]?.grant(0);
  await live;
  expect(subscriptions.list()[0]).toMatchObject({ state: 'granted', qos: 0 });
});

test('a broker that closes instead of answering leaves the batch closed, and the next session asks again', async () => {
  const first = new FakeSession();
  subscriptions.want([state('a'), telemetry('t')]);
  const live = subscriptions.live(first);
  first.asked[0]?.grant(1);
  first.asked[1]?.fail();
  await live;
  subscriptions.down();
  const second = new FakeSession();
  const again = subscriptions.live(second);
  expect(second.asked.flatMap(({ filters }) => filters)).toEqual(['a', 't']);
  second.asked.forEach((asked) => asked.grant(0));
  await again;
  expect(states()).toEqual(['a granted', 't granted']);
});

test('nothing is granted any more when the session is over, but a refusal stays known', async () => {
  const session = new FakeSession();
  subscriptions.want([state('a'), state('b')]);
  const live = subscriptions.live(session);
  session.asked[0]?.grant(1, 0x87);
  await live;
  const before = changes;
  subscriptions.down();
  expect(states()).toEqual(['a asked', 'b refused']);
  expect(changes).toBeGreaterThan(before);
});

test('an answer that an old session gives late changes nothing on the new one', async () => {
  const old = new FakeSession();
  subscriptions.want([state('a')]);
  const first = subscriptions.live(old);
  subscriptions.down();
  const session = new FakeSession();
  const second = subscriptions.live(session);
  session.asked[0]?.grant(1);
  await second;
  old.asked[0]?.fail();
  await first;
  expect(states()).toEqual(['a granted']);
});

test('a filter learned from a message is asked for at once, and with the others after a reconnect', async () => {
  const session = new FakeSession();
  subscriptions.want([state('a')]);
  void subscriptions.live(session);
  subscriptions.want([telemetry('learned/1')]);
  expect(session.asked.at(-1)?.filters).toEqual(['learned/1']);
  session.asked.forEach((asked) => asked.grant(0));
  await settled();
  subscriptions.down();
  const second = new FakeSession();
  void subscriptions.live(second);
  expect(second.asked.flatMap(({ filters }) => filters)).toEqual(['a', 'learned/1']);
});

test('a filter that is wanted twice is asked for once', () => {
  const session = new FakeSession();
  void subscriptions.live(session);
  subscriptions.want([state('a')]);
  subscriptions.want([state('a'), state('a')]);
  expect(session.asked).toHaveLength(1);
});

test('a dropped filter is unsubscribed and not asked for again', () => {
  const session = new FakeSession();
  subscriptions.want([state('a'), state('b')]);
  void subscriptions.live(session);
  subscriptions.drop(['a']);
  subscriptions.drop(['never wanted']);
  expect(session.dropped).toEqual(['a']);
  subscriptions.down();
  const second = new FakeSession();
  void subscriptions.live(second);
  expect(second.asked.flatMap(({ filters }) => filters)).toEqual(['b']);
});

test('the answer for a filter that was dropped meanwhile does not bring it back', async () => {
  const session = new FakeSession();
  subscriptions.want([state('a'), state('b')]);
  const live = subscriptions.live(session);
  subscriptions.drop(['a']);
  session.asked[0]?.grant(1, 1);
  await live;
  expect(states()).toEqual(['b granted']);
});

test.each(['', 'a/#/b', 'a+', '#x', 'nul\0', `${'x'.repeat(65_536)}`])(
  'the hostile filter number %# is not taken and does not stop the others',
  (filter) => {
    const session = new FakeSession();
    void subscriptions.live(session);
    expect(subscriptions.want([telemetry(filter), telemetry('good')])).toBe(false);
    expect(session.asked.flatMap(({ filters }) => filters)).toEqual(['good']);
  },
);

test('a hostile message cannot make the list grow without bound', () => {
  const many = Array.from({ length: 10_050 }, (_, i) => telemetry(`x/${i}`));
  expect(subscriptions.want(many)).toBe(false);
  expect(subscriptions.list()).toHaveLength(10_000);
  expect(subscriptions.want([telemetry('x/1')])).toBe(true);
});
