import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { createDemoBroker } from '../../src/node/demo-broker.ts';
import type { DemoBroker } from '../../src/node/demo-broker.ts';
import { readDemoPolicy } from '../../src/node/demo-policy.ts';
import { listen } from '../../src/node/listen.ts';

const ROLES = fileURLToPath(new URL('../../broker-config/roles.yaml', import.meta.url));

export interface Seen {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** The demo broker inside the test, whose witness sees every message that it lets through, whoever may read it. */
export interface DemoBrokerHere {
  readonly broker: DemoBroker;
  readonly url: string;
  readonly seen: readonly Seen[];
  readonly reports: readonly string[];
  /** The next message (or one already seen) that fits. */
  sees(fits: (message: Seen) => boolean): Promise<Seen>;
  /** Connects as `username`, whose password is `<username>-password`; does not reconnect. */
  connect(username: string, options?: IClientOptions): Promise<MqttClient>;
  stop(): Promise<void>;
}

/** `once` for emitters whose own types say less than they are (mqtt.js, aedes). */
export function nextEvent(emitter: object, name: string): Promise<unknown[]> {
  return once(emitter as EventEmitter, name);
}

/** The client id that a principal of the demo policy connects with: a device's is bound to its id. */
export function clientIdOf(username: string): string {
  return /^(viewer|operator|admin)$/.test(username) ? `${username}-${crypto.randomUUID()}` : username;
}

export async function startDemoBroker(devices: readonly string[], folder?: string): Promise<DemoBrokerHere> {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'telltale-broker-'));
  const policy = readDemoPolicy(ROLES, devices);
  const passwords = new Map(policy.principals.map(({ username }) => [username, `${username}-password`]));
  const reports: string[] = [];
  const broker = await createDemoBroker({
    policy,
    passwords,
    folder: data,
    report: (line) => reports.push(line),
  });
  const port = await listen(broker.tcp, '127.0.0.1', 0, '--mqtt-port');
  const url = `mqtt://127.0.0.1:${port}`;

  const seen: Seen[] = [];
  const waiting = new Set<() => void>();
  // Wildcards do not match a leading `$`.
  for (const filter of ['#', '$SYS/broker/#']) {
    await new Promise<void>((done) => broker.aedes.subscribe(filter, witness, done));
  }
  function witness({ topic, payload, retain }: IPublishPacket, passOn: () => void): void {
    seen.push({ topic, payload: String(payload), retain });
    waiting.forEach((look) => look());
    passOn();
  }
  const clients: MqttClient[] = [];
  return {
    broker,
    url,
    seen,
    reports,
    sees: (fits) =>
      new Promise((done) => {
        const look = () => {
          const found = seen.find(fits);
          if (!found) return;
          waiting.delete(look);
          done(found);
        };
        waiting.add(look);
        look();
      }),
    async connect(username, options = {}) {
      const client = await mqtt.connectAsync(url, {
        protocolVersion: 4,
        username,
        password: `${username}-password`,
        clientId: clientIdOf(username),
        reconnectPeriod: 0,
        ...options,
      });
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    async stop() {
      clients.forEach((client) => client.end(true));
      await broker.close();
      if (folder === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}
