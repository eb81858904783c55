import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../support/broker-clients.ts';
import { administer, type Administrator } from '../support/brokers/administrator.ts';
import { onEachBroker } from '../support/brokers/on-each-broker.ts';

// What an administrator types after the installation, at a broker that runs and has people on it.

onEachBroker((name, start) => {
  let admin: Administrator;
  beforeAll(async () => {
    admin = await administer(name, start, ['pump-1', 'pump-2']);
  }, 90_000);
  afterAll(() => admin.stop(), 30_000);

  const signIn = (username: string, clientId?: string) => {
    const { broker } = admin;
    const credential = broker.credential(username);
    return connectClient(clientId === undefined ? broker.ws : broker.mqtt, credential, {
      version: broker.versions[0] ?? 4,
      ...(clientId === undefined ? {} : { clientId }),
    });
  };

  test('somebody is added, signs in and sees the fleet, and nobody is disturbed', async () => {
    const operator = await signIn('operator');
    await admin.change('add', 'wall', '--role', 'viewer');
    const wall = await signIn('wall');
    await wall.subscribe('devices/+/status');
    const device = await signIn('pump-1', 'pump-1');
    await device.publish('devices/pump-1/status', 'here');
    await wall.received(({ payload }) => payload === 'here');
    expect(operator.mqtt.connected).toBe(true);
    await Promise.all([operator, wall, device].map((client) => client.end()));
  }, 60_000);

  test('a new password puts out who is signed in with the old one, which opens nothing any more', async () => {
    const viewer = await signIn('viewer');
    const old = admin.broker.credential('operator');
    const operator = await signIn('operator');
    await operator.subscribe('devices/+/status');
    await admin.change('rotate', 'operator');
    await operator.closed;
    await expect(
      connectClient(admin.broker.ws, old, { version: admin.broker.versions[0] ?? 4 }),
    ).rejects.toThrow();
    const back = await signIn('operator');
    expect(viewer.mqtt.connected).toBe(true);
    await Promise.all([viewer, back].map((client) => client.end()));
  }, 60_000);

  test('who is revoked is put out, by TCP and by WebSocket, and does not come in again', async () => {
    const viewer = await signIn('viewer');
    const credential = admin.broker.credential('pump-2');
    const device = await signIn('pump-2', 'pump-2');
    await device.subscribe('devices/pump-2/cmd');
    const wall = await signIn('wall');
    await wall.subscribe('devices/+/status');
    await admin.change('revoke', 'pump-2');
    await admin.change('revoke', 'wall');
    await Promise.all([device.closed, wall.closed]);
    const again = connectClient(admin.broker.mqtt, credential, { version: 4, clientId: 'pump-2' });
    await expect(again).rejects.toThrow();
    expect(viewer.mqtt.connected).toBe(true);
    await viewer.end();
  }, 60_000);
});
