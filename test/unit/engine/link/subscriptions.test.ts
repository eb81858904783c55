import { beforeEach, describe, expect, test } from 'vitest';
import type { Ending } from '../../../../src/engine/connection/refusal.ts';
import { HeldFilters } from '../../../../src/engine/link/held-filters.ts';
import { Subscriptions } from '../../../../src/engine/link/subscriptions.ts';
import type { BrokerTruth } from '../../../../src/model/broker-truth.ts';
import type { WantedFilter } from '../../../../src/model/convention.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeSession, settled } from '../../../support/fake-session.ts';

let changes = 0;
let clock: FakeClock;
let denies: BrokerTruth['deniesSubscribe'];
let refused: string[];
/** What the broker may have in our session. */
let stored: readonly string[];
let subscriptions: Subscriptions;
beforeEach(() => {
  changes = 0;
  clock = new FakeClock();
  denies = 'any';
  refused = [];
  stored = ['t/+', 'old/root/#'];
  subscriptions = new Subscriptions({
    clock,
    onChange: () => changes++,
    held: new HeldFilters(stored, (filters) => (stored = filters)),
    denies: () => denies,
    onRefused: ({ filter }, code) => refused.push(`${filter} ${code}`),
  });
});

/** The broker closed the connection, as the link tells it. */
const CLOSED: Ending = { cause: 'closed', reason: 'It said: access_refused.', retry: true };

/** A new session, and what it is asked for. */
async function live(): Promise<FakeSession> {
  const session = new FakeSession();
  void subscriptions.live(session);
  await settled();
  return session;
}

/** The broker closes the connection instead of answering what it was last asked. */
async function closesOn(session: FakeSession, ending: Ending | 'from here' = CLOSED): Promise<void> {
  // What was answered before stays so.
  session.asked.forEach((asked) => asked.fail());
  subscriptions.down(ending === 'from here' ? undefined : ending);
  await settled();
}

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

test('a broker that closes over one filter of many: it is found in two links, and the others are granted', async () => {
  subscriptions.want([state('a'), state('forbidden'), state('c')]);
  await closesOn(await live());
  expect(states()).toEqual(['a closed', 'forbidden closed', 'c closed']);
  const second = await live();
  expect(second.asked.map(({ filters }) => filters)).toEqual([['a']]);
  second.asked[0]?.grant(1);
  await settled();
  expect(second.asked.at(-1)?.filters).toEqual(['forbidden']);
  await closesOn(second);
  expect(refused).toEqual(['forbidden closed']);
  const third = await live();
  expect(third.asked.map(({ filters }) => filters)).toEqual([['a']]);
  third.asked[0]?.grant(1);
  await settled();
  expect(third.asked.at(-1)?.filters).toEqual(['c']);
  third.asked.at(-1)?.grant(1);
  await settled();
  expect(third.asked).toHaveLength(2);
  expect(states()).toEqual(['a granted', 'forbidden closed', 'c granted']);
});

test('a kind that is known to deny by closing: one filter that was asked for alone is asked for once', async () => {
  denies = 'close';
  subscriptions.want([state('forbidden')]);
  await closesOn(await live());
  expect((await live()).asked).toEqual([]);
  expect(states()).toEqual(['forbidden closed']);
});

test.each([
  ['the kind answers with a code', 'code', CLOSED, 0],
  ['the link was ended from here', 'any', 'from here', 0],
  ['the broker did not answer a ping', 'any', { cause: 'keepalive', reason: '', retry: true } as Ending, 0],
  ['the link was lost long after', 'any', CLOSED, 10_000],
] as const)('a link that is lost is no denial: %s', async (_what, how, ending, after) => {
  denies = how;
  subscriptions.want([state('a')]);
  for (let i = 0; i < 3; i++) {
    const session = await live();
    expect(session.asked.map(({ filters }) => filters)).toEqual([['a']]);
    clock.advance(after);
    await closesOn(session, ending);
    expect(states()).toEqual(['a asked']);
  }
});

test('the order in which the link and the request end does not matter', async () => {
  denies = 'close';
  subscriptions.want([state('forbidden')]);
  const session = await live();
  subscriptions.down(CLOSED);
  session.asked[0]?.fail();
  await settled();
  expect(states()).toEqual(['forbidden closed']);
});

test('a person asks again for what the broker closed over: granted now', async () => {
  denies = 'close';
  subscriptions.want([state('a'), state('b', 0)]);
  await closesOn(await live());
  for (const _ of ['a', 'b']) await closesOn(await live());
  expect(states()).toEqual(['a closed', 'b closed']);
  const session = await live();
  expect(session.asked).toEqual([]);
  subscriptions.askAgain('a');
  expect(session.asked.map(({ filters }) => filters)).toEqual([['a']]);
  session.asked[0]?.grant(1);
  await settled();
  expect(states()).toEqual(['a granted', 'b closed']);
});

test('a person asks again in vain: closed again at once', async () => {
  denies = 'close';
  subscriptions.want([state('a')]);
  await closesOn(await live());
  const session = await live();
  subscriptions.askAgain();
  await closesOn(session);
  expect(states()).toEqual(['a closed']);
  expect(refused).toEqual(['a closed', 'a closed']);
});

test('a refusal is told once, not at every new link', async () => {
  subscriptions.want([state('a')]);
  for (let i = 0; i < 2; i++) {
    (await live()).asked[0]?.grant(0x87);
    await settled();
    subscriptions.down(CLOSED);
  }
  expect(refused).toEqual(['a 135']);
});

test('what was granted before is refused after a failover: asked for again, ever later, until it is granted', async () => {
  subscriptions.want([state('a/status'), state('a/config')]);
  const before = await live();
  before.asked[0]?.grant(1, 0x80);
  await settled();
  await closesOn(before);
  const session = await live();
  session.asked[0]?.grant(0x80, 0x80);
  await settled();
  for (const [i, wait] of [1_000, 2_000, 4_000].entries()) {
    clock.advance(wait - 1);
    expect(session.asked).toHaveLength(i + 1);
    clock.advance(1);
    // The other one was refused from the beginning: that is a right which this sign-in does not have.
    expect(session.asked[i + 1]?.filters).toEqual(['a/status']);
    session.asked[i + 1]?.grant(i === 2 ? 1 : 0x80);
    await settled();
  }
  expect(states()).toEqual(['a/status granted', 'a/config refused']);
  clock.advance(300_000);
  expect(session.asked).toHaveLength(4);
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

test('what was refused only for now is asked for when the link is gone, and no refusal any more', async () => {
  subscriptions.want([state('a/status')]);
  const before = await live();
  before.asked[0]?.grant(1);
  await settled();
  await closesOn(before);
  const session = await live();
  session.asked[0]?.grant(0x80);
  await settled();
  expect(states()).toEqual(['a/status refused']);
  await closesOn(session);
  expect(states()).toEqual(['a/status asked']);
});

describe('a session that is resumed', () => {
  test('is rid of what an earlier page asked for and nobody wants, before anything is asked for', async () => {
    subscriptions.want([telemetry('t/+')]);
    const session = new FakeSession(5, true);
    void subscriptions.live(session);
    expect(session.dropped).toEqual(['old/root/#']);
    expect(session.asked.map(({ filters }) => filters)).toEqual([['t/+']]);
    await settled();
    expect(stored).toEqual(['t/+']);
  });

  test('is rid of what was given up while there was no link', async () => {
    subscriptions.want([telemetry('t/+'), state('s/+')]);
    await live();
    subscriptions.down(CLOSED);
    subscriptions.drop(['t/+']);
    const session = new FakeSession(5, true);
    void subscriptions.live(session);
    expect(session.dropped).toEqual(['t/+']);
    await settled();
    expect(stored).toEqual(['s/+']);
  });

  test('what is wanted again before the broker has answered stays', async () => {
    const session = new FakeSession(5, true);
    void subscriptions.live(session);
    subscriptions.want([telemetry('t/+')]);
    await settled();
    expect(session.dropped).toContain('t/+');
    expect(session.asked.map(({ filters }) => filters)).toEqual([['t/+']]);
    expect(stored).toEqual(['t/+']);
  });
});

test('a session that begins anew has nothing of an earlier page', async () => {
  const session = await live();
  expect(session.dropped).toEqual([]);
  expect(stored).toEqual([]);
});
