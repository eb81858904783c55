import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installTarget } from '../../../broker-config/install-target.ts';
import { target } from '../../../broker-config/targets/nats.ts';
import type { Policy } from '../../../src/model/policy.ts';
import type { Credential } from '../../../src/model/broker.ts';
import { lastingPorts } from '../free-port.ts';
import { neededProgram } from '../install-programs.ts';
import { BrokerProcess } from './broker-process.ts';
import { letsIn } from './lets-in.ts';
import { credentialIn, type RunningBroker } from './running-broker.ts';

const NODES = [1, 2, 3] as const;
const READY_MS = 60_000;

type Kind = 'store' | 'gateway';

/** Three stores and three gateways with the generated cluster files, as their machines would run them. */
export interface NatsCluster {
  /** Each gateway as a broker of its own: they share policy and passwords. */
  readonly nodes: readonly RunningBroker[];
  credential(username: string): Credential;
  /** Where a store listens for other servers: `127.0.0.1:…`. */
  readonly route: string;
  /** The folder of its files. */
  readonly folder: string;
  /** kill -9 of the gateway with this address. */
  kill(ws: string): Promise<void>;
  /** kill -9 of a store, 1 to 3. */
  killStore(number: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startNatsCluster(policy: Policy): Promise<NatsCluster> {
  const program = neededProgram('nats-server');
  const folder = mkdtempSync(join(tmpdir(), 'telltale-cluster-'));
  const ports = await lastingPorts(15);
  const optionsOf = (node: number) => {
    const [port = 0, wsPort = 0, ownPort = 0] = ports.slice(node * 5 - 5);
    return {
      directory: folder,
      data: join(folder, `store-${node}`),
      host: '127.0.0.1',
      port,
      wsPort,
      ownPort,
    };
  };
  const routeOf = (kind: Kind, node: number) => ports[node * 5 - (kind === 'store' ? 2 : 1)] ?? 0;
  await installTarget(target, policy, folder, optionsOf(1));
  // What an administrator puts in place of the names of the machines; here they are one.
  const routes = NODES.reduce(
    (conf, other) => conf.replaceAll(`nats-${other}.example:6222`, `127.0.0.1:${routeOf('store', other)}`),
    readFileSync(join(folder, 'cluster', 'routes.conf'), 'utf8'),
  );
  writeFileSync(join(folder, 'routes.conf'), routes);
  const run = (kind: Kind) => (node: number) => {
    mkdirSync(join(folder, `store-${node}`), { recursive: true });
    const name = `cluster/${kind}-${node}.conf`;
    const file = target.compile(policy, optionsOf(node)).find(({ path }) => path === name);
    const text = `${file?.text}`.replace(/0\.0\.0\.0:622\d/, `127.0.0.1:${routeOf(kind, node)}`);
    // Beside the users, as on the machine; `install` writes the original again.
    const own = join(folder, `${kind}-${node}.conf`);
    writeFileSync(own, text);
    return new BrokerProcess(program, ['-c', own]);
  };
  const stores = NODES.map(run('store'));
  const gateways = NODES.map(run('gateway'));
  const servers = [...stores, ...gateways];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  const credential = credentialIn(folder);
  const apply = async (changed: Policy) => {
    await installTarget(target, changed, folder, optionsOf(1));
    for (const server of servers) {
      const from = server.log.length;
      server.signal('SIGHUP');
      await server.says(/Reloaded server configuration/, from);
    }
  };
  const nodes = NODES.map((node): RunningBroker => {
    const options = optionsOf(node);
    return {
      name: 'nats',
      versions: [4],
      mqtt: `mqtt://127.0.0.1:${options.port}`,
      ws: `ws://127.0.0.1:${options.wsPort}/mqtt`,
      policy,
      folder,
      closesOnSubscribe: false,
      closesOnPublish: false,
      options,
      env: process.env,
      credential,
      apply,
      stop,
    };
  });
  try {
    for (const [i, { options }] of nodes.entries()) {
      await gateways[i]!.listens([options.port ?? 0, options.wsPort ?? 0]);
    }
    // Until the three have elected whoever leads their streams they let nobody in.
    const [first] = policy.principals;
    const patience = Date.now() + READY_MS;
    for (const { ws } of nodes) {
      while (first && !(await letsIn(ws, credential(first.username)))) {
        if (Date.now() > patience) throw new Error(`The cluster lets nobody in at ${ws}.`);
        await delay(200);
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    nodes,
    credential,
    route: `127.0.0.1:${routeOf('store', 1)}`,
    folder,
    kill: (ws) => gateways[nodes.findIndex((node) => node.ws === ws)]!.stop(),
    killStore: (number) => stores[number - 1]!.stop(),
    stop,
  };
}
