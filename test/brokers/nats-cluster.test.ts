import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { withWitness } from '../../broker-config/with-witness.ts';
import type { Policy } from '../../src/model/policy.ts';
import { ROUTE_USER } from '../../broker-config/targets/nats/routes.ts';
import { connectClient } from '../support/broker-clients.ts';
import { BrokerProcess } from '../support/brokers/broker-process.ts';
import { PolicyTable } from '../support/brokers/policy-table.ts';
import { neededProgram } from '../support/install-programs.ts';
import { startNatsCluster, type NatsCluster } from '../support/brokers/start-nats-cluster.ts';

let cluster: NatsCluster;
let policy: Policy;
beforeAll(async () => {
  policy = await loadPolicy({ devices: ['pump-1', 'pump-2'] });
  cluster = await startNatsCluster(withWitness(policy));
}, 90_000);
afterAll(() => cluster.stop(), 30_000);

// All of the table is carried out on one node, in policy-table.test.ts; subscribing takes longer here.
test.each(['viewer', 'operator', 'admin', 'pump-1'])(
  '%s can do exactly what expected.json says, at a node where it was not set up first',
  async (username) => {
    const table = new PolicyTable(cluster.nodes[2]!, policy);
    expect(await table.published(username, 4)).toEqual(table.expected(username, 'publish'));
    const { kept, live } = await table.received(username, 4);
    expect(live).toEqual(table.expected(username, 'subscribe'));
    expect(kept).toEqual(table.expected(username, 'subscribe'));
    await table.stop();
  },
  60_000,
);

/** A server of somebody who knows where a store is, with this in front of its address. */
async function stranger(user: string, tried: (server: BrokerProcess) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-server-'));
  const conf = join(folder, 'nats-server.conf');
  const route = JSON.stringify(`nats://${user}${cluster.route}`);
  writeFileSync(
    conf,
    `server_name: stranger\nlisten: "127.0.0.1:-1"
cluster { name: telltale, listen: "127.0.0.1:-1", routes: [${route}] }\n`,
  );
  const server = new BrokerProcess(neededProgram('nats-server'), ['-c', conf]);
  try {
    await tried(server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

test.each(['', `${ROUTE_USER}:guessed@`])('a server that comes to a store as "%s" is turned away', (user) =>
  stranger(user, (server) => server.says(/Authorization Violation/)),
);

test('a server that knows the password in routes.conf is let in, and told of the others', async () => {
  const routes = readFileSync(join(cluster.folder, 'cluster', 'routes.conf'), 'utf8');
  const password = /password: "(.+)"/.exec(routes)?.[1];
  await stranger(`${ROUTE_USER}:${password}@`, async (server) => {
    await server.says(/(Route connection created[^]*){6}/);
    expect(server.log).not.toContain('Authorization Violation');
  });
});

test('what is said and kept at one node is heard and kept at the others', async () => {
  const [first, second, third] = cluster.nodes;
  const viewer = await connectClient(second!.ws, cluster.credential('viewer'), { version: 4 });
  await viewer.subscribe('devices/+/status');
  const pump = await connectClient(first!.mqtt, cluster.credential('pump-1'), {
    version: 4,
    clientId: 'pump-1',
  });
  await pump.publish('devices/pump-1/status', 'here', { retain: true });
  await viewer.received(({ payload }) => payload === 'here');
  const later = await connectClient(third!.ws, cluster.credential('viewer'), { version: 4 });
  await later.subscribe('devices/+/status');
  await later.received(({ payload, retain }) => payload === 'here' && retain);
  await Promise.all([viewer, pump, later].map((client) => client.end()));
});

test('who is revoked is put out of every node', async () => {
  const gone = await Promise.all(
    cluster.nodes.map(({ ws }, i) =>
      connectClient(ws, cluster.credential('viewer'), { version: 4, clientId: `telltale-${i}` }),
    ),
  );
  const credential = cluster.credential('viewer');
  const principals = policy.principals.filter(({ username }) => username !== 'viewer');
  await cluster.nodes[0]!.apply(withWitness({ ...policy, principals }));
  await Promise.all(gone.map(({ closed }) => closed));
  for (const { ws } of cluster.nodes) {
    await expect(connectClient(ws, credential, { version: 4 })).rejects.toThrow();
  }
}, 30_000);
