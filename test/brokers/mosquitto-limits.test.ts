import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answers } from '../../broker-config/audit/answers.ts';
import { connectClient } from '../support/broker-clients.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import type { RunningMosquitto } from '../support/mosquitto.ts';
import { policyWithWitness } from '../support/policy-with-witness.ts';

let broker: RunningMosquitto;

beforeAll(async () => {
  broker = await startMosquitto({ policy: await policyWithWitness(['pump-1']) });
});
afterAll(() => broker.stop());

function credential(username: string) {
  const found = broker.credentials.users[username] ?? broker.credentials.devices[username];
  if (!found) throw new Error(`No credential for ${username}.`);
  return found;
}

test.each([0, 1] as const)(
  'a viewer gets the retained status of all of 5000 devices, at QoS %i',
  async (qos) => {
    const writer = await connectClient(broker.mqtt, credential('witness'));
    const ids = Array.from({ length: 5000 }, (_, i) => `unit-${i}`);
    await Promise.all(
      ids.map((id) => writer.publish(`devices/${id}/status`, '{"online":true}', { retain: true })),
    );
    const viewer = await connectClient(broker.ws, credential('viewer'));
    await viewer.mqtt.subscribeAsync('devices/+/status', { qos });
    await writer.publish('devices/last/status', 'that was all');
    await viewer.received(({ payload }) => payload === 'that was all');
    expect(viewer.seen.filter(({ retain }) => retain)).toHaveLength(5000);
    await Promise.all([viewer, writer].map((client) => client.end()));
  },
  30_000,
);

test('neither listener answers on another address than the one it was given', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  for (const url of [broker.mqtt, broker.ws]) {
    const port = Number(new URL(url).port);
    expect(await answers('127.0.0.1', port)).toBe(true);
    for (const address of [...others, '::1']) expect(await answers(address, port)).toBe(false);
  }
});

test('a message over the limit ends the connection of a device and reaches nobody', async () => {
  const viewer = await connectClient(broker.ws, credential('viewer'));
  await viewer.subscribe('devices/pump-1/telemetry');
  const device = await connectClient(broker.mqtt, credential('pump-1'));
  await device.publish('devices/pump-1/telemetry', 'x'.repeat(65_536));
  await viewer.received(({ payload }) => payload.length === 65_536);
  void device.publish('devices/pump-1/telemetry', 'x'.repeat(200_000));
  await device.closed;
  const back = await connectClient(broker.mqtt, credential('pump-1'));
  await back.publish('devices/pump-1/telemetry', 'that was all');
  await viewer.received(({ payload }) => payload === 'that was all');
  expect(viewer.seen).toHaveLength(2);
  await Promise.all([viewer, back].map((client) => client.end()));
});

test('retained state and a sleeping session survive a restart', async () => {
  const device = await connectClient(broker.mqtt, credential('pump-1'), {
    clientId: 'pump-1',
    session: true,
  });
  await device.subscribe('devices/pump-1/cmd');
  await device.publish('devices/pump-1/meta', '{"name":"Pump"}', { retain: true });
  await device.end();
  const operator = await connectClient(broker.ws, credential('operator'));
  await operator.publish('devices/pump-1/cmd', 'waits');
  await operator.end();

  await broker.restart();
  const awake = await connectClient(broker.mqtt, credential('pump-1'), { clientId: 'pump-1', session: true });
  expect(awake.sessionPresent).toBe(true);
  await awake.received(({ payload }) => payload === 'waits');
  const viewer = await connectClient(broker.ws, credential('viewer'));
  await viewer.subscribe('devices/+/meta');
  expect((await viewer.received(({ retain }) => retain)).payload).toBe('{"name":"Pump"}');
  await Promise.all([awake, viewer].map((client) => client.end()));
});
