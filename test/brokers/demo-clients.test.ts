import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextEvent, startDemoBroker } from '../support/demo-broker.ts';
import type { DemoBrokerHere } from '../support/demo-broker.ts';

let here: DemoBrokerHere;
beforeEach(async () => {
  here = await startDemoBroker(['pump-1', 'pump-2']);
});
afterEach(async () => here.stop());

/** The CONNACK return code of a refused sign-in [MQTT-3.2.2.3]. */
async function refusedWith(
  username: string,
  options: Parameters<DemoBrokerHere['connect']>[1],
): Promise<unknown> {
  return here.connect(username, options).then(
    () => 'let in',
    (error: { code?: unknown }) => error.code,
  );
}

/** Resolves when the client's connection is closed. It may be writing still, and say so as an error first. */
function isClosed(client: MqttClient): Promise<void> {
  client.on('error', () => undefined);
  return new Promise((resolve) => client.once('close', resolve));
}

describe('signing in', () => {
  it('a wrong password is refused as bad user name or password', async () => {
    expect(await refusedWith('viewer', { password: 'wrong' })).toBe(4);
  });
  it('an unknown user is refused in the same words', async () => {
    expect(await refusedWith('nobody', {})).toBe(4);
  });
  it('names that objects inherit are unknown users', async () => {
    expect(await refusedWith('__proto__', {})).toBe(4);
    expect(await refusedWith('constructor', {})).toBe(4);
  });
  it('nobody comes in without a name', async () => {
    expect(await refusedWith('viewer', { username: undefined, password: undefined })).toBe(5);
  });
});

describe('client ids', () => {
  it("a person may not connect with a device's client id, and the device stays connected", async () => {
    const pump = await here.connect('pump-1');
    expect(await refusedWith('operator', { clientId: 'pump-1' })).toBe(2);
    await pump.publishAsync('devices/pump-1/telemetry', '{"flow":1}', { qos: 1 });
    await here.sees(({ topic }) => topic === 'devices/pump-1/telemetry');
  });
  it("a device may not connect with another's, nor with one of its own making", async () => {
    expect(await refusedWith('pump-1', { clientId: 'pump-2' })).toBe(2);
    expect(await refusedWith('pump-1', { clientId: 'something' })).toBe(2);
    expect(await refusedWith('pump-1', { clientId: '' })).toBe(2);
  });
  it('a person may not take over the link of another person who is connected', async () => {
    const operator = await here.connect('operator', { clientId: 'the-operators-tab' });
    expect(await refusedWith('viewer', { clientId: 'the-operators-tab' })).toBe(2);
    expect(operator.connected).toBe(true);
  });
  it('the same person may, and when the link is gone the id is free', async () => {
    const first = await here.connect('operator', { clientId: 'tab' });
    const closed = nextEvent(first, 'close');
    const second = await here.connect('operator', { clientId: 'tab' });
    await closed;
    const gone = nextEvent(here.broker.aedes, 'clientDisconnect');
    await second.endAsync();
    await gone;
    await here.connect('viewer', { clientId: 'tab' });
  });
});

describe('wills', () => {
  const will = (topic: string) => ({
    topic,
    payload: Buffer.from('{"online":false}'),
    qos: 1 as const,
    retain: true,
  });

  it('a device that drops without goodbye is offline for whoever looks, now and later', async () => {
    const pump = await here.connect('pump-1', { will: will('devices/pump-1/status') });
    await pump.publishAsync('devices/pump-1/status', '{"online":true}', { qos: 1, retain: true });
    pump.stream.destroy();
    await here.sees(({ payload }) => payload === '{"online":false}');
    const viewer = await here.connect('viewer');
    const arrived = nextEvent(viewer, 'message');
    await viewer.subscribeAsync('devices/+/status', { qos: 1 });
    expect(String((await arrived)[1])).toBe('{"online":false}');
  });
  it("a will on somebody else's topic is never published", async () => {
    const pump = await here.connect('pump-1', { will: will('devices/pump-2/status') });
    const gone = nextEvent(here.broker.aedes, 'clientDisconnect');
    pump.stream.destroy();
    await gone;
    // A message sent after it has come through; the will has not.
    const operator = await here.connect('operator');
    await operator.publishAsync('devices/pump-2/cmd', 'after', { qos: 1 });
    await here.sees(({ payload }) => payload === 'after');
    expect(here.seen.some(({ topic }) => topic === 'devices/pump-2/status')).toBe(false);
  });
});

/** Collects what `client` receives on `topic`; the answer waits for the first `count`. */
function payloadsOf(client: MqttClient, topic: string): (count: number) => Promise<readonly string[]> {
  const payloads: string[] = [];
  let look = () => {};
  client.on('message', (at, payload) => {
    if (at === topic) payloads.push(String(payload));
    look();
  });
  return (count) =>
    new Promise((done) => {
      look = () => {
        if (payloads.length >= count) done(payloads);
      };
      look();
    });
}

describe('delivery', () => {
  it.each([
    ['retained status', 'pump-1', 'devices/pump-1/status', true],
    ['command that is also stored for a session', 'operator', 'devices/pump-1/cmd', false],
  ])('no %s is lost or overtaken among the telemetry of others', async (_what, sender, topic, retain) => {
    const session = await here.connect('pump-1', { clean: false });
    const obeyed = payloadsOf(session, topic);
    await session.subscribeAsync('devices/pump-1/cmd', { qos: 1 });
    const watcher = await here.connect('operator');
    const arrived = payloadsOf(watcher, topic);
    await watcher.subscribeAsync(['devices/+/status', 'devices/+/cmd', 'devices/+/telemetry'], { qos: 1 });
    const noise = await here.connect('pump-2');
    let going = true;
    const chatter = (async () => {
      while (going) {
        for (let i = 0; i < 5; i++) noise.publish('devices/pump-2/telemetry', '{"flow":1}');
        await new Promise(setImmediate);
      }
    })();
    const client = sender === 'operator' ? await here.connect(sender) : session;
    const expected = Array.from({ length: 300 }, (_, i) => String(i));
    await Promise.all(expected.map((payload) => client.publishAsync(topic, payload, { qos: 1, retain })));
    expect(await arrived(expected.length)).toEqual(expected);
    if (sender === 'operator') expect(await obeyed(expected.length)).toEqual(expected);
    going = false;
    await chatter;
  });

  it('filters that overlap deliver a message once', async () => {
    const viewer = await here.connect('viewer');
    await viewer.subscribeAsync(['devices/+/ack', 'devices/pump-1/ack', 'devices/pump-1/status'], { qos: 1 });
    const topics: string[] = [];
    const last = new Promise<void>((done) =>
      viewer.on('message', (topic) => {
        topics.push(topic);
        if (topic.endsWith('status')) done();
      }),
    );
    const pump = await here.connect('pump-1');
    await pump.publishAsync('devices/pump-1/ack', '{}', { qos: 1 });
    await pump.publishAsync('devices/pump-1/status', '{}', { qos: 1 });
    await last;
    expect(topics).toEqual(['devices/pump-1/ack', 'devices/pump-1/status']);
  });

  it('a command waits for a device with a session that is away', async () => {
    const pump = await here.connect('pump-1', { clean: false });
    await pump.subscribeAsync('devices/pump-1/cmd', { qos: 1 });
    const gone = nextEvent(here.broker.aedes, 'clientDisconnect');
    await pump.endAsync();
    await gone;
    const operator = await here.connect('operator');
    await operator.publishAsync('devices/pump-1/cmd', 'on', { qos: 1 });
    await here.sees(({ payload }) => payload === 'on');
    const back = mqtt.connect(here.url, {
      ...{ username: 'pump-1', password: 'pump-1-password', clientId: 'pump-1' },
      ...{ clean: false, protocolVersion: 4, reconnectPeriod: 0 },
    });
    // Listening before the CONNACK: the session's messages come right behind it.
    const [topic, payload] = (await nextEvent(back, 'message')) as [string, Buffer];
    expect([topic, String(payload)]).toEqual(['devices/pump-1/cmd', 'on']);
    await back.endAsync();
  });

  it('a payload over a megabyte ends the connection and comes to nobody', async () => {
    const pump = await here.connect('pump-1');
    const closed = isClosed(pump);
    pump.publish('devices/pump-1/telemetry', Buffer.alloc(1024 * 1024 + 1));
    await closed;
    expect(here.seen.some(({ topic }) => topic.endsWith('telemetry'))).toBe(false);
  });

  it('a person who floods is cut off', async () => {
    const operator = await here.connect('operator');
    const closed = isClosed(operator);
    for (let i = 0; i < 3_000; i++) operator.publish('devices/pump-1/cmd', '{}');
    await closed;
    expect(here.seen.filter(({ topic }) => topic.endsWith('cmd')).length).toBeLessThan(2_500);
  });
});
