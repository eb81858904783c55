import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRecord } from '../../../broker-config/installed/record.ts';
import { ROLES_FILE, loadPolicy } from '../../../broker-config/load-policy.ts';
import { withWitness } from '../../../broker-config/with-witness.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { runBrokerConfigIn, type Ran } from '../run-broker-config.ts';
import type { RunningBroker } from './running-broker.ts';

/** Somebody with a copy of the roles file, a broker installed from it, and a shell on its machine. */
export interface Administrator {
  readonly broker: RunningBroker;
  readonly roles: string;
  /** `npm run broker-config -- …`; rejects with what it said when it fails. */
  run(...args: readonly string[]): Promise<string>;
  /** The same, whatever comes of it. */
  tries(...args: readonly string[]): Promise<Ran>;
  /** A command about somebody, on the installed folder and on the running broker. */
  change(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a broker as `install --devices … --witness` would have set it up. */
export async function administer(
  name: string,
  start: (policy: Policy) => Promise<RunningBroker>,
  devices: readonly string[],
): Promise<Administrator> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-roles-'));
  const roles = join(folder, 'roles.yaml');
  copyFileSync(ROLES_FILE, roles);
  const broker = await start(withWitness(await loadPolicy({ file: roles, devices })));
  const { options } = broker;
  await writeRecord(broker.folder, { version: 1, target: name, roles, devices, witness: true, options });
  const tries = (...args: readonly string[]) => runBrokerConfigIn(broker.env, ...args);
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await tries(...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const reload = broker.reload === undefined ? [] : ['--reload', broker.reload];
  return {
    broker,
    roles,
    run,
    tries,
    change: (...args) => run(...args, '--installed', broker.folder, '--apply', ...reload),
    stop: async () => {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
