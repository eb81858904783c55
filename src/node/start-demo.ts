import { join } from 'node:path';
import { fleetIds } from '../demo/fleet-ids.ts';
import { buildPage, isBuilt, requirePage } from './build-page.ts';
import { loadCredentials } from './credentials.ts';
import { openDataFolder } from './data-folder.ts';
import { createDemoBroker } from './demo-broker.ts';
import { readDemoPolicy } from './demo-policy.ts';
import type { Flags } from './flags.ts';
import { createGreeting, greetingText } from './greeting.ts';
import type { Greeting } from './greeting.ts';
import { namesOf, urlHost } from './host-names.ts';
import { listen } from './listen.ts';
import { forkSimulator } from './fork-simulator.ts';
import { loadTls } from './tls-files.ts';
import { acceptWebSockets } from './web-socket.ts';
import { createWebServer } from './web-server.ts';

export interface Demo {
  readonly greeting: Greeting;
  /** The greeting for people. */
  readonly text: string;
}

/** What has to be ended, in the order in which it was begun. */
export type Closers = (() => Promise<void> | void)[];

export interface DemoSurroundings {
  /** The folder of package.json. */
  readonly project: string;
  readonly report: (line: string) => void;
  /** Aborted when the start is given up. */
  readonly signal: AbortSignal;
}

/**
 * Starts the broker, the page's server and the simulated fleet, and answers when all are up.
 * @param closers is added to as things begin, so that a start that fails half-way can be undone
 * @throws Refusal when something has to be put right first
 */
export async function startDemo(
  flags: Flags,
  { project, report, signal }: DemoSurroundings,
  closers: Closers,
): Promise<Demo> {
  if (flags.dist !== undefined) requirePage(flags.dist);
  const folder = openDataFolder(flags.data);
  const ids = fleetIds(flags.devices);
  const policy = readDemoPolicy(join(project, 'broker-config/roles.yaml'), ids);
  const root = policy.roots[0] ?? 'devices';
  const names = namesOf(flags.host);
  const tls = flags.tls === undefined ? undefined : await loadTls(flags.tls, folder, names);
  const credentials = loadCredentials(folder, policy.principals);
  const everybody = [...credentials.users.values(), ...credentials.devices.values()];
  const passwords = new Map(everybody.map(({ username, password }) => [username, password]));

  const broker = await createDemoBroker({ policy, passwords, folder: folder.path, report });
  closers.push(() => broker.close());
  const mqttPort = await listen(broker.tcp, flags.host, flags.mqttPort, '--mqtt-port');

  const profile = { name: 'Demo broker', kind: 'aedes', urls: ['mqtt'], root };
  const server = createWebServer({
    folder: flags.dist ?? join(project, 'dist'),
    config: { brokers: [profile] },
    tls,
  });
  const endWebSockets = acceptWebSockets(server, { names, report, handle: broker.aedes.handle });
  const port = await listen(server, flags.host, flags.port, '--port');
  closers.push(() => {
    server.close();
    endWebSockets();
    server.closeAllConnections();
  });

  const at = { host: flags.host, port, mqttPort, secure: tls !== undefined };
  const greeting = createGreeting(at, credentials);

  async function bringUpFleet(): Promise<void> {
    if (ids.length === 0) return;
    const fleet = Object.fromEntries(ids.map((id) => [id, credentials.devices.get(id)]));
    const simulator = forkSimulator({
      ...flags,
      broker: `mqtt://${urlHost(flags.host)}:${mqttPort}`,
      root,
      credentials: folder.write('fleet.json', JSON.stringify(fleet)),
      report,
    });
    closers.push(() => simulator.stop());
    await simulator.ready;
  }

  async function bringUpPage(): Promise<void> {
    if (flags.dist !== undefined || isBuilt(project)) return;
    report('Building the page, which takes some seconds…');
    await buildPage(project, signal);
  }

  await Promise.all([bringUpPage(), bringUpFleet()]);
  return { greeting, text: greetingText(greeting, at, root, tls?.ca !== undefined) };
}
