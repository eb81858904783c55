import type { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import type { PublishPacket } from 'aedes';
import { Level } from 'level';
import { policyDocument, policyTopic } from '../model/policy.ts';
import type { Policy } from '../model/policy.ts';
import { createGate } from './gate.ts';
import { Refusal, errorText } from './refusal.ts';
import { BrokerState } from './broker-state.ts';

export interface DemoBroker {
  readonly aedes: Aedes;
  /** MQTT over TCP; not yet listening. */
  readonly tcp: Server;
  /** Closes every connection and waits until the state is on disk. */
  close(): Promise<void>;
}

export interface DemoBrokerOptions {
  readonly policy: Policy;
  readonly passwords: ReadonlyMap<string, string>;
  /** The data folder. */
  readonly folder: string;
  readonly report: (line: string) => void;
}

/** Beyond the devices: pages, tools, and connections that are going while their successors come. */
const SPARE_CONNECTIONS = 500;

/**
 * An aedes broker (MQTT 3.1.1) with the policy at its gate and its retained messages, sessions and wills on disk.
 * @throws Refusal when the state cannot be opened
 */
export async function createDemoBroker(options: DemoBrokerOptions): Promise<DemoBroker> {
  const { policy, passwords, folder, report } = options;
  const db = await openState(join(folder, 'broker'));
  const store = new BrokerState(db, (error) =>
    report(`Cannot write the broker's state: ${errorText(error)}`),
  );
  const aedes = await Aedes.createBroker({
    ...createGate(policy, passwords),
    persistence: store,
    // A phone that was frozen in mid-transfer must not hold up the others: no limit on messages under way, and little
    // time to take them.
    concurrency: 0,
    drainTimeout: 15_000,
    connectTimeout: 10_000,
    queueLimit: 100,
    maxClientsIdLength: 128,
    // Four of these after a crash, the wills of the devices that did not come back are published.
    heartbeatInterval: 15_000,
  });
  const events: EventEmitter = aedes;
  events.on('error', (error) => report(`Demo broker: ${errorText(error)}`));
  await publishPolicyDocuments(aedes, policy);

  const tcp = createServer({ noDelay: true }, (socket) => aedes.handle(socket));
  tcp.maxConnections = policy.principals.length + SPARE_CONNECTIONS;

  return {
    aedes,
    tcp,
    async close() {
      if (tcp.listening) tcp.close();
      await new Promise<void>((done) => aedes.close(done));
      await store.destroy();
    },
  };
}

async function openState(path: string): Promise<Level<string, unknown>> {
  const db = new Level<string, unknown>(path);
  try {
    await db.open();
    return db;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const locked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
    throw new Refusal(
      locked
        ? `The data folder ${path} is in use by another "npm start"; stop that one or name another folder with --data.`
        : `Cannot open the broker's state in ${path} (${errorText(cause ?? error)}); delete that folder to start afresh.`,
    );
  }
}

/** What each sign-in may do, for the page to read: a hint, never the gate. */
async function publishPolicyDocuments(aedes: Aedes, policy: Policy): Promise<void> {
  for (const principal of policy.principals) {
    const packet: PublishPacket = {
      cmd: 'publish',
      topic: policyTopic(principal.username),
      payload: Buffer.from(JSON.stringify(policyDocument(principal, policy.limits))),
      qos: 1,
      retain: true,
      dup: false,
    };
    await new Promise<void>((done, fail) => aedes.publish(packet, (error) => (error ? fail(error) : done())));
  }
}
