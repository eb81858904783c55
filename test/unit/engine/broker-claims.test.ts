import { describe, expect, test } from 'vitest';
import { markGranted } from '../../../src/engine/link/mark-granted.ts';
import { HeldFilters } from '../../../src/engine/link/held-filters.ts';
import { Subscriptions } from '../../../src/engine/link/subscriptions.ts';
import type { BrokerKind } from '../../../src/model/broker.ts';
import { brokerTruth } from '../../../src/model/broker-truth.ts';
import type { PolicyDocument } from '../../../src/model/policy.ts';
import { commandWords } from '../../../src/ui/words/command-words.ts';
import { subscriptionWords } from '../../../src/ui/words/subscription-words.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeSession, settled } from '../../support/fake-session.ts';
import { OutboxWorld } from './commands/outbox-world.ts';

/** What comes back on the wire: a reason code, or the end of the connection. */
type Wire = number | 'closes';

/** A broker's answer to something that it allows and to something that it denies, as research/brokers.md has measured it. */
interface Broker {
  readonly kind: BrokerKind | undefined;
  readonly protocol: 4 | 5;
  readonly subscribeAllowed: Wire;
  readonly subscribeDenied: Wire;
  readonly publishAllowed: Wire;
  readonly publishDenied: Wire;
  /** Whether the app may believe its grant, and its PUBACK. */
  readonly words: {
    readonly granted: string;
    readonly denied: string;
    readonly published: string;
    readonly notPublished: string;
  };
}

const GRANTED = 'granted, QoS 1';
const MAY_FILTER = 'granted, but the broker may filter what arrives, QoS 1';
const REFUSED = 'refused: Refused by the broker.';
const REFUSED_5 = 'refused: Refused: this sign-in may not read it.';
const CLOSED =
  'the broker closed the connection over it: The broker closes the connection over it, so it is not asked for any more.';
const ACCEPTED = 'Accepted by the broker. Waiting for the device.';
const UNPROVEN =
  'Sent, not confirmed. MQTT 3.1.1 cannot say whether the broker passed it on, and it may still arrive late.';
const UNPROVEN_5 = 'Sent, not confirmed. This broker may acknowledge what it does not pass on.';
const NOT_ALLOWED = 'The broker refused the command: ada may not publish on devices:pump-1/cmd.';
const CLOSED_ON_IT =
  'The broker closed the connection on this command: ada may not publish on devices:pump-1/cmd.';

const BROKERS: Record<string, Broker> = {
  'aedes 1.2, MQTT 3.1.1': {
    kind: 'aedes',
    protocol: 4,
    subscribeAllowed: 1,
    subscribeDenied: 0x80,
    publishAllowed: 0,
    publishDenied: 'closes',
    words: { granted: GRANTED, denied: REFUSED, published: ACCEPTED, notPublished: CLOSED_ON_IT },
  },
  'aedes 2 beta, MQTT 5': {
    kind: 'aedes',
    protocol: 5,
    subscribeAllowed: 1,
    subscribeDenied: 0x87,
    publishAllowed: 0,
    publishDenied: 0x87,
    words: { granted: GRANTED, denied: REFUSED_5, published: ACCEPTED, notPublished: NOT_ALLOWED },
  },
  'Mosquitto acl_file, MQTT 3.1.1': {
    kind: 'mosquitto',
    protocol: 4,
    subscribeAllowed: 1,
    subscribeDenied: 1,
    publishAllowed: 0,
    publishDenied: 0,
    words: { granted: MAY_FILTER, denied: MAY_FILTER, published: UNPROVEN, notPublished: UNPROVEN },
  },
  'Mosquitto acl_file, MQTT 5': {
    kind: 'mosquitto',
    protocol: 5,
    subscribeAllowed: 1,
    subscribeDenied: 1,
    publishAllowed: 0,
    publishDenied: 0x87,
    words: { granted: MAY_FILTER, denied: MAY_FILTER, published: ACCEPTED, notPublished: NOT_ALLOWED },
  },
  'Mosquitto dynamic security, MQTT 5': {
    kind: 'mosquitto',
    protocol: 5,
    subscribeAllowed: 1,
    subscribeDenied: 0x87,
    publishAllowed: 0,
    publishDenied: 0x87,
    words: { granted: MAY_FILTER, denied: REFUSED_5, published: ACCEPTED, notPublished: NOT_ALLOWED },
  },
  'NATS, MQTT 3.1.1': {
    kind: 'nats',
    protocol: 4,
    subscribeAllowed: 1,
    subscribeDenied: 0x80,
    publishAllowed: 0,
    publishDenied: 0,
    words: { granted: GRANTED, denied: REFUSED, published: UNPROVEN, notPublished: UNPROVEN },
  },
  'RabbitMQ, MQTT 3.1.1': {
    kind: 'rabbitmq',
    protocol: 4,
    subscribeAllowed: 1,
    subscribeDenied: 'closes',
    publishAllowed: 0,
    publishDenied: 'closes',
    words: { granted: GRANTED, denied: CLOSED, published: ACCEPTED, notPublished: CLOSED_ON_IT },
  },
  ...Object.fromEntries(
    (['nats', 'rabbitmq', 'emqx', 'hivemq', 'aws', 'other', undefined] as const).map((kind) => [
      `${kind ?? 'unknown'}, MQTT 5, not measured: it may lie`,
      {
        kind,
        protocol: 5,
        subscribeAllowed: 1,
        subscribeDenied: 1,
        publishAllowed: 0,
        publishDenied: 0,
        words: { granted: MAY_FILTER, denied: MAY_FILTER, published: UNPROVEN_5, notPublished: UNPROVEN_5 },
      } satisfies Broker,
    ]),
  ),
  ...Object.fromEntries(
    (['emqx', 'hivemq', 'aws', 'other', undefined] as const).map((kind) => [
      `${kind ?? 'unknown'}, MQTT 3.1.1, not measured: it may lie`,
      {
        kind,
        protocol: 4,
        subscribeAllowed: 1,
        subscribeDenied: 1,
        publishAllowed: 0,
        publishDenied: 0,
        words: { granted: MAY_FILTER, denied: MAY_FILTER, published: UNPROVEN, notPublished: UNPROVEN },
      } satisfies Broker,
    ]),
  ),
};

describe.each(Object.entries(BROKERS))('%s', (_name, broker) => {
  const { kind, protocol, words } = broker;
  const truth = brokerTruth(kind, protocol);

  async function subscribe(answer: Wire, policy: PolicyDocument | null = null): Promise<string> {
    const session = new FakeSession(protocol);
    const subscriptions = new Subscriptions({
      clock: new FakeClock(),
      onChange: () => {},
      held: new HeldFilters(),
      denies: () => truth.deniesSubscribe,
    });
    subscriptions.want([{ filter: 'devices/+/cmd', qos: 1, carries: 'state' }]);
    const live = subscriptions.live(session);
    if (answer === 'closes') {
      session.asked[0]?.fail();
      subscriptions.down({ cause: 'closed', reason: 'access_refused', retry: true });
    } else session.asked[0]?.grant(answer);
    await live;
    const [subscription] = markGranted(subscriptions.list(), truth, policy);
    if (!subscription) throw new Error('There is no subscription.');
    return subscriptionWords(subscription);
  }

  async function publish(answer: Wire): Promise<string> {
    const world = new OutboxWorld();
    world.proves = truth.pubackProves;
    world.session = new FakeSession(protocol);
    // What a closing means is known where the policy document says so, or when it happens again.
    world.forbidden = true;
    const { id } = await world.send();
    if (answer === 'closes') await world.lose();
    else world.sent[0]?.acknowledge(answer);
    await settled();
    const command = world.command(id);
    if (!command) throw new Error('There is no command.');
    return commandWords(command);
  }

  test('a subscription that it allows', async () =>
    expect(await subscribe(broker.subscribeAllowed)).toBe(words.granted));

  test('a subscription that it denies', async () =>
    expect(await subscribe(broker.subscribeDenied)).toBe(words.denied));

  test('a subscription that it and the policy document allow', async () => {
    const rights = { subscribe: ['devices/+/cmd'], publish: [] };
    const policy = { version: 1, username: 'ada', role: 'operator', ...rights } as const;
    expect(await subscribe(broker.subscribeAllowed, policy)).toBe(GRANTED);
  });

  test('a command that it allows', async () =>
    expect(await publish(broker.publishAllowed)).toBe(words.published));

  test('a command that it denies', async () =>
    expect(await publish(broker.publishDenied)).toBe(words.notPublished));
});
