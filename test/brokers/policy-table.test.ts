import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WITNESS, withWitness } from '../../broker-config/with-witness.ts';
import type { Policy } from '../../src/model/policy.ts';
import { connectClient } from '../support/broker-clients.ts';
import { onEachBroker } from '../support/brokers/on-each-broker.ts';
import { foreignPolicy, ownPolicy } from '../support/brokers/policies.ts';
import { PolicyTable } from '../support/brokers/policy-table.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';

// Every row of expected.json, for our policy and for somebody else's, on real brokers. "Denied" means that a witness who
// reads everything did not see it; what a broker answers is not asked.

const foreign = await foreignPolicy();
const own = await ownPolicy();
/** One broker serves both: usernames differ, and so do roots. */
const both: Policy = {
  ...own,
  roots: [...own.roots, ...foreign.roots],
  principals: [...own.principals, ...foreign.principals],
};

onEachBroker((name, start) => {
  const versions = /^mosquitto/.test(name) ? ([5, 4] as const) : ([4] as const);
  let broker: RunningBroker;
  beforeAll(async () => {
    const clearable = [...own.clearable, ...foreign.clearable];
    broker = await start(withWitness({ ...both, clearable }));
  }, 90_000);
  afterAll(() => broker.stop(), 30_000);

  const policies = [
    // test/brokers/mosquitto-policy.test.ts holds it against acl_file, and says more about it.
    ...(name === 'mosquitto' ? [] : [['our policy', own] as const]),
    ["somebody else's policy", foreign] as const,
  ];
  describe.each(policies)('%s', (_what, policy) => {
    const rows = versions.flatMap((version) =>
      policy.principals.map(({ username }) => [username, version] as const),
    );
    test.each(rows)(
      '%s over protocol level %i can do exactly what expected.json says',
      async (username, version) => {
        const table = new PolicyTable(broker, policy);
        expect(await table.published(username, version)).toEqual(table.expected(username, 'publish'));
        const { kept, live } = await table.received(username, version);
        expect(live).toEqual(table.expected(username, 'subscribe'));
        expect(kept).toEqual(table.expected(username, 'subscribe'));
        expect(await table.cleared(username, version)).toEqual(table.expected(username, 'clear'));
        await table.stop();
      },
      60_000,
    );
  });

  test('a topic with a line break behind it is another topic, and nobody may write there', async () => {
    const witness = await connectClient(broker.ws, broker.credential(WITNESS), { version: 4 });
    await witness.subscribe('#');
    // He may write without the line break; she nowhere.
    const tries = [['fritz', 'plant/hall-2/a/cmd'] as const, ['vera', ''] as const];
    for (const [username, topic] of tries) {
      const client = await connectClient(broker.ws, broker.credential(username), { version: 4 });
      await Promise.race([client.publish(`${topic}\n`, 'broken'), client.closed]);
      await client.end();
    }
    await witness.publish('elsewhere/fence', 'that was all');
    await witness.received(({ payload }) => payload === 'that was all');
    expect(witness.seen.filter(({ payload }) => payload === 'broken')).toEqual([]);
    await witness.end();
  });

  test('a wrong password opens nothing', async () => {
    const { username } = broker.credential('petra');
    for (const version of versions) {
      const attempt = connectClient(broker.ws, { username, password: 'wrong' }, { version });
      await expect(attempt).rejects.toThrow();
    }
  });

  test('a principal that is revoked is put out and does not come in again; the others do', async () => {
    const gone = await connectClient(broker.mqtt, broker.credential('press-2'), {
      version: 4,
      clientId: 'press-2',
    });
    await gone.subscribe('plant/hall-2/press-2/cmd');
    const person = await connectClient(broker.ws, broker.credential('fritz'), { version: 4 });
    const credential = broker.credential('press-2');
    const principals = broker.policy.principals.filter(({ username }) => username !== 'press-2');
    await broker.apply({ ...broker.policy, principals }, 'press-2');
    await gone.closed;
    const again = connectClient(broker.mqtt, credential, { version: 4, clientId: 'press-2' });
    await expect(again).rejects.toThrow();
    const stays = await connectClient(broker.ws, broker.credential('fritz'), { version: 4 });
    await Promise.all([gone, person, stays].map((client) => client.end()));
  }, 30_000);
});
