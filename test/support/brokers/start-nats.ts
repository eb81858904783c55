import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTarget } from '../../../broker-config/install-target.ts';
import { target } from '../../../broker-config/targets/nats.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { freePorts } from '../free-port.ts';
import { neededProgram } from '../install-programs.ts';
import { BrokerProcess } from './broker-process.ts';
import { credentialIn, type RunningBroker } from './running-broker.ts';

/** One NATS server with the generated configuration. */
export async function startNats(policy: Policy): Promise<RunningBroker> {
  const program = neededProgram('nats-server');
  const folder = mkdtempSync(join(tmpdir(), 'telltale-nats-'));
  const [port = 0, wsPort = 0, ownPort = 0] = await freePorts(3);
  const options = {
    directory: folder,
    data: join(folder, 'store'),
    host: '127.0.0.1',
    port,
    wsPort,
    ownPort,
  };
  await installTarget(target, policy, folder, options);
  const server = new BrokerProcess(program, ['-c', join(folder, 'nats-server.conf')]);
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await server.listensOr(stop, [port, wsPort]);
  return {
    name: 'nats',
    versions: [4],
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
      await installTarget(target, changed, folder, options);
      const from = server.log.length;
      server.signal('SIGHUP');
      await server.says(/Reloaded server configuration/, from);
    },
    stop,
  };
}
