import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTarget } from '../../../broker-config/install-target.ts';
import { target } from '../../../broker-config/targets/mosquitto-dynsec.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { freePorts } from '../free-port.ts';
import { neededProgram } from '../install-programs.ts';
import { BrokerProcess } from './broker-process.ts';
import { credentialIn, type RunningBroker } from './running-broker.ts';

/** One Mosquitto with the dynamic security plugin and the generated configuration. */
export async function startDynsec(policy: Policy): Promise<RunningBroker> {
  const program = neededProgram('mosquitto');
  const folder = mkdtempSync(join(tmpdir(), 'telltale-dynsec-'));
  chmodSync(folder, 0o755);
  const [port = 0, wsPort = 0] = await freePorts(2);
  const data = join(folder, 'data');
  const options = { directory: folder, data, host: '127.0.0.1', port, wsPort };
  await installTarget(target, policy, folder, options);
  const begin = () => new BrokerProcess(program, ['-c', join(folder, 'mosquitto.conf')]);
  let server = begin();
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await server.listensOr(stop, [port, wsPort]);
  return {
    name: 'mosquitto-dynsec',
    versions: [5, 4],
    mqtt: `mqtt://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${wsPort}/mqtt`,
    policy,
    folder,
    closesOnSubscribe: false,
    closesOnPublish: false,
    options,
    env: process.env,
    credential: credentialIn(folder),
    apply: async (changed) => {
      await server.stop('SIGTERM');
      rmSync(join(data, 'dynamic-security.json'));
      await installTarget(target, changed, folder, options);
      server = begin();
      await server.listens([port, wsPort]);
    },
    stop,
  };
}
