import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installTarget } from '../../broker-config/install-target.ts';
import { target as mosquitto } from '../../broker-config/targets/mosquitto.ts';
import { policyTopic } from '../../src/model/policy.ts';
import { connectClient } from '../support/broker-clients.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import type { RunningMosquitto } from '../support/mosquitto.ts';

let broker: RunningMosquitto;

beforeEach(async () => {
  broker = await startMosquitto({ devices: ['pump-1', 'pump-2'] });
});
afterEach(() => broker.stop());

function credential(username: string) {
  const found = broker.credentials.users[username] ?? broker.credentials.devices[username];
  if (!found) throw new Error(`No credential for ${username}.`);
  return found;
}

test.each([5, 4] as const)(
  'nobody signs in without the right password, over protocol level %i',
  async (version) => {
    for (const url of [broker.mqtt, broker.ws]) {
      await expect(connectClient(url, {}, { version })).rejects.toThrow(/Not authorized/);
      await expect(connectClient(url, { username: 'admin' }, { version })).rejects.toThrow(/Not authorized/);
      await expect(connectClient(url, { username: 'admin', password: 'admin' }, { version })).rejects.toThrow(
        /Not authorized/,
      );
      await expect(connectClient(url, { username: 'stranger', password: 'x' }, { version })).rejects.toThrow(
        /Not authorized/,
      );
    }
  },
);

test('a device that asks for the client id of another neither ends it nor gets what waits for it', async () => {
  const sleeping = await connectClient(broker.mqtt, credential('pump-1'), {
    clientId: 'pump-1',
    session: true,
  });
  await sleeping.subscribe('devices/pump-1/cmd');
  const operator = await connectClient(broker.ws, credential('operator'));

  const thief = await connectClient(broker.mqtt, credential('pump-2'), { clientId: 'pump-1', session: true });
  expect(thief.sessionPresent).toBe(false);
  await operator.publish('devices/pump-1/cmd', 'open');
  expect(await sleeping.received(({ payload }) => payload === 'open')).toBeDefined();

  await sleeping.end();
  await operator.publish('devices/pump-1/cmd', 'close');
  await thief.end();
  const again = await connectClient(broker.mqtt, credential('pump-2'), { clientId: 'pump-1', session: true });
  await again.subscribe('#');
  await operator.publish('devices/pump-2/cmd', 'for the thief itself');
  await again.received(({ payload }) => payload === 'for the thief itself');
  expect(again.seen.map(({ payload }) => payload)).not.toContain('close');

  const awake = await connectClient(broker.mqtt, credential('pump-1'), { clientId: 'pump-1', session: true });
  expect(await awake.received(({ payload }) => payload === 'close')).toBeDefined();
  await Promise.all([awake, again, operator].map((client) => client.end()));
});

// The limit that the generated README names, held here so that the README stays true in both directions.
test("a person who takes a device's client id on the web listener ends that device, but reads nothing of its own", async () => {
  const device = await connectClient(broker.mqtt, credential('pump-1'), {
    clientId: 'pump-1',
    session: true,
  });
  await device.subscribe('devices/pump-1/cmd');
  const thief = await connectClient(broker.ws, credential('viewer'), { clientId: 'pump-1', session: true });
  await device.closed;

  const operator = await connectClient(broker.ws, credential('operator'));
  const admin = await connectClient(broker.ws, credential('admin'));
  await operator.publish('devices/pump-1/cmd', 'secret');
  await thief.subscribe('devices/pump-1/cmd', policyTopic('viewer'));
  await admin.publish(policyTopic('viewer'), 'that was all');
  await thief.received(({ payload }) => payload === 'that was all');
  expect(thief.seen.map(({ payload }) => payload)).not.toContain('secret');
  await Promise.all([thief, operator, admin].map((client) => client.end()));
});

test('a principal that is taken out of the policy is put out at the reload; the others stay', async () => {
  const gone = await connectClient(broker.mqtt, credential('pump-1'));
  const stays = await connectClient(broker.mqtt, credential('pump-2'));
  await gone.publish('devices/pump-1/status', '{"online":true}', { retain: true });
  await stays.publish('devices/pump-2/status', '{"online":true}', { retain: true });

  const principals = broker.policy.principals.filter(({ username }) => username !== 'pump-1');
  const port = Number(new URL(broker.mqtt).port);
  const wsPort = Number(new URL(broker.ws).port);
  const options = {
    directory: broker.folder,
    data: join(broker.folder, 'data'),
    host: '127.0.0.1',
    port,
    wsPort,
  };
  await installTarget(mosquitto, { ...broker.policy, principals }, broker.folder, options);
  await broker.reload();

  await gone.closed;
  await expect(connectClient(broker.mqtt, credential('pump-1'))).rejects.toThrow(/Not authorized/);

  // What it left behind stays until somebody clears it, as the generated README says.
  const admin = await connectClient(broker.ws, credential('admin'));
  await admin.publish('devices/pump-1/status', '', { retain: true });
  const viewer = await connectClient(broker.ws, credential('viewer'));
  await viewer.subscribe('devices/+/status');
  await stays.publish('devices/pump-2/status', '{"online":false}');
  await viewer.received(({ payload }) => payload.includes('false'));
  expect(viewer.seen.filter(({ retain }) => retain).map(({ topic }) => topic)).toEqual([
    'devices/pump-2/status',
  ]);
  await Promise.all([viewer, stays, admin].map((client) => client.end()));
});
