import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextEvent, startDemoBroker } from '../support/demo-broker.ts';
import type { DemoBrokerHere } from '../support/demo-broker.ts';

const EVERYBODY = ['viewer', 'operator', 'admin', 'pump-1', 'my-board'] as const;
type Who = (typeof EVERYBODY)[number];

/** Topic, and who may write there: the device contract's roles, written out. */
const WRITERS: readonly (readonly [topic: string, writers: readonly Who[]])[] = [
  ['devices/pump-1/telemetry', ['pump-1']],
  ['devices/pump-1/status', ['pump-1']],
  ['devices/pump-1/ack', ['pump-1']],
  ['devices/pump-1/meta', ['pump-1', 'admin']],
  ['devices/pump-1/cmd', ['operator', 'admin']],
  ['devices/pump-1/config', ['operator', 'admin']],
  ['devices/pump-1/config/reported', ['pump-1']],
  ['devices/my-board/telemetry', ['my-board']],
  ['devices/pump-1/other', []],
  ['devices/viewer/status', []],
  ['telltale/policy/viewer', ['admin']],
  ['telltale/board/hall', ['admin']],
  ['$SYS/broker/anything', []],
];

/** Filter, and who may subscribe to it. */
const READERS: readonly (readonly [filter: string, readers: readonly Who[]])[] = [
  ['devices/+/telemetry', ['viewer', 'operator', 'admin']],
  ['devices/pump-1/status', ['viewer', 'operator', 'admin']],
  ['devices/+/config/reported', ['viewer', 'operator', 'admin']],
  ['devices/+/cmd', ['operator', 'admin']],
  ['devices/pump-1/cmd', ['operator', 'admin', 'pump-1']],
  ['devices/my-board/cmd', ['operator', 'admin', 'my-board']],
  ['devices/pump-1/config', ['operator', 'admin', 'pump-1']],
  ['devices/pump-1/#', []],
  ['devices/#', []],
  ['#', []],
  ['+/+/telemetry', []],
  ['$SYS/#', []],
  ['$share/all/devices/+/telemetry', []],
  ['telltale/policy/viewer', ['viewer']],
  ['telltale/policy/+', []],
];

let here: DemoBrokerHere;
beforeAll(async () => {
  here = await startDemoBroker(['pump-1']);
});
afterAll(async () => here.stop());

describe.each(EVERYBODY)('signed in as %s', (who) => {
  it.each(WRITERS)(
    'a publish on %s comes through only where the contract says so',
    async (topic, writers) => {
      const client = await here.connect(who);
      const payload = `${who} ${crypto.randomUUID()}`;
      const closed = nextEvent(client, 'close');
      client.publish(topic, payload, { qos: 1 });
      if (writers.includes(who)) {
        await here.sees((message) => message.payload === payload);
      } else {
        await closed;
        expect(here.seen.filter((message) => message.payload === payload)).toEqual([]);
      }
      client.end(true);
    },
  );

  it('a subscription is granted only where one right covers all of it', async () => {
    const client = await here.connect(who);
    const filters = READERS.map(([filter]) => filter);
    const codes = await new Promise<readonly unknown[]>((done) =>
      client.subscribe(filters, { qos: 1 }, (_error, _granted, suback) => done(suback?.granted ?? [])),
    );
    expect(Object.fromEntries(filters.map((filter, i) => [filter, codes[i] === 1]))).toEqual(
      Object.fromEntries(READERS.map(([filter, readers]) => [filter, readers.includes(who)])),
    );
    await client.endAsync();
  });

  it('an empty retained message clears a topic under the root for an admin alone', async () => {
    const ghost = `devices/ghost-${who}/status`;
    await new Promise<void>((done) =>
      here.broker.aedes.publish(
        { cmd: 'publish', topic: ghost, payload: 'x', qos: 1, retain: true, dup: false },
        () => done(),
      ),
    );
    const client = await here.connect(who);
    const closed = nextEvent(client, 'close');
    client.publish(ghost, '', { qos: 1, retain: true });
    if (who === 'admin') await here.sees(({ topic, payload }) => topic === ghost && payload === '');
    else await closed;
    expect(here.seen.some(({ topic, payload }) => topic === ghost && payload === '')).toBe(who === 'admin');
    client.end(true);
  });

  it('its own policy document is retained and says what it may do', async () => {
    const client = await here.connect(who);
    const arrived = nextEvent(client, 'message');
    await client.subscribeAsync(`telltale/policy/${who}`, { qos: 1 });
    const [topic, payload] = await arrived;
    expect(topic).toBe(`telltale/policy/${who}`);
    expect(JSON.parse(String(payload))).toMatchObject({ version: 1, username: who });
    await client.endAsync();
  });
});

it('an admin may not write a retained message that is not empty on a status', async () => {
  const client = await here.connect('admin');
  const closed = nextEvent(client, 'close');
  client.publish('devices/pump-1/status', '{"online":true}', { qos: 1, retain: true });
  await closed;
  expect(
    here.seen.some(({ payload, topic }) => topic.endsWith('pump-1/status') && payload.includes('online')),
  ).toBe(false);
});
