import { afterAll, beforeAll, expect, test } from 'vitest';
import { WITNESS } from '../../broker-config/with-witness.ts';
import { connectClient } from '../support/broker-clients.ts';
import { administer, type Administrator } from '../support/brokers/administrator.ts';
import { onEachBroker } from '../support/brokers/on-each-broker.ts';

const LEAVES = ['status', 'meta', 'config', 'config/reported'];

onEachBroker((name, start) => {
  let admin: Administrator;
  beforeAll(async () => {
    admin = await administer(name, start, ['pump-1', 'pump-2']);
  }, 90_000);
  afterAll(() => admin.stop(), 30_000);

  const address = () => {
    const { username, password } = admin.broker.credential('admin');
    return ['--broker', admin.broker.ws, '--username', username, '--password', password];
  };
  const witness = () => connectClient(admin.broker.ws, admin.broker.credential(WITNESS), { version: 4 });

  /** What is retained of both pumps, topic by topic. */
  async function retained(): Promise<string[]> {
    const looks = await witness();
    for (const id of ['pump-1', 'pump-2'])
      await looks.subscribe(...LEAVES.map((leaf) => `devices/${id}/${leaf}`), 'elsewhere/fence');
    await looks.publish('elsewhere/fence', 'that was all');
    await looks.received(({ payload }) => payload === 'that was all');
    await looks.end();
    return looks.seen
      .filter(({ retain }) => retain)
      .map(({ topic }) => topic)
      .sort();
  }

  test('nobody can be asked and nobody said yes: nothing is done, and what would be is listed', async () => {
    const args = ['decommission', 'pump-1', '--installed', admin.broker.folder, ...address()];
    const { code, stdout, stderr } = await admin.tries(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('The sign-in pump-1 is taken out.');
    expect(stderr).toContain('devices/pump-1/status');
    expect(stderr).toContain('Add --yes');
    const still = await connectClient(admin.broker.mqtt, admin.broker.credential('pump-1'), {
      version: 4,
      clientId: 'pump-1',
    });
    await still.end();
  }, 30_000);

  test('a device that is still there is put out, nothing of it stays retained, and its neighbour is as it was', async () => {
    const { broker } = admin;
    const writer = await witness();
    for (const id of ['pump-1', 'pump-2'])
      for (const leaf of LEAVES) await writer.publish(`devices/${id}/${leaf}`, '{}', { retain: true });
    await writer.end();
    const will = {
      topic: 'devices/pump-1/status',
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
    } as const;
    const own = { version: 4, clientId: 'pump-1', will } as const;
    const pump = await connectClient(broker.mqtt, broker.credential('pump-1'), own);
    expect(await retained()).toHaveLength(8);
    const said = await admin.change('decommission', 'pump-1', '--yes', ...address());
    await pump.closed;
    expect(said).toContain('Nothing of pump-1 is retained any more');
    expect(await retained()).toEqual(LEAVES.map((leaf) => `devices/pump-2/${leaf}`).sort());
    expect(() => broker.credential('pump-1')).toThrow();
    const neighbour = { version: 4, clientId: 'pump-2' } as const;
    await (await connectClient(broker.mqtt, broker.credential('pump-2'), neighbour)).end();
  }, 60_000);

  test('without --apply the device can still come and leave something behind: that is said, and once more clears it', async () => {
    const { broker } = admin;
    const old = broker.credential('pump-2');
    const args = ['decommission', 'pump-2', '--yes', '--installed', broker.folder, ...address()];
    const said = await admin.run(...args);
    expect(said).toContain('Nothing of pump-2 is retained any more');
    expect(said).toContain('Until the broker has read its files again pump-2 can still sign in');
    const pump = await connectClient(broker.mqtt, old, { version: 4, clientId: 'pump-2' });
    await pump.publish('devices/pump-2/status', 'still here', { retain: true });
    expect(await retained()).toContain('devices/pump-2/status');
    await pump.end();
    const again = await admin.run(...args);
    expect(again).toContain('Nothing of pump-2 is retained any more; 1 topic had been.');
    expect(again).not.toContain('Until the broker');
    expect((await retained()).join()).not.toContain('pump-2');
  }, 60_000);
});
