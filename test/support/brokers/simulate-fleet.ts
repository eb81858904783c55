import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from '../../../broker-config/credentials.ts';
import { runBrokerConfigIn } from '../run-broker-config.ts';
import type { RunningBroker } from './running-broker.ts';

/** What is needed of a broker. */
type FleetBroker = Pick<RunningBroker, 'mqtt' | 'ws' | 'folder' | 'env' | 'credential'>;

/** A fleet that runs; ends with us or before. */
export interface SimulatedFleet {
  stop(): Promise<void>;
}

/**
 * Puts the first `devices` of the demo's fleet on a broker whose policy has them, and its policy documents, as an
 * administrator does. Resolves when every device is connected.
 */
export async function simulateFleet(broker: FleetBroker, devices: number): Promise<SimulatedFleet> {
  const admin = broker.credential('admin');
  const sign = ['--username', admin.username, '--password', admin.password];
  const published = await runBrokerConfigIn(broker.env, 'publish', '--broker', broker.ws, ...sign);
  if (published.code !== 0) throw new Error(`The policy was not published: ${published.stderr}`);
  const made = JSON.parse(readFileSync(join(broker.folder, 'credentials.json'), 'utf8')) as Credentials;
  const file = join(broker.folder, 'devices.json');
  writeFileSync(file, JSON.stringify(made.devices));
  const flags = ['--broker', broker.mqtt, '--devices', String(devices), '--credentials', file];
  const fleet = fork('src/node/simulate.ts', flags, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(fleet, 'exit');
  const outcome = await Promise.race([once(fleet, 'message'), ended.then(() => 'ended' as const)]);
  if (outcome === 'ended') throw new Error('The fleet ended before its devices were connected.');
  return {
    stop: async () => {
      fleet.kill();
      await ended;
    },
  };
}
