import { join } from 'node:path';
import { installTarget } from '../../../broker-config/install-target.ts';
import { target } from '../../../broker-config/targets/mosquitto.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { startMosquitto } from '../mosquitto.ts';
import { credentialIn, type RunningBroker } from './running-broker.ts';

/** One Mosquitto with acl_file and the generated configuration. */
export async function startAclFile(policy: Policy): Promise<RunningBroker> {
  const broker = await startMosquitto({ policy });
  const { folder } = broker;
  const options = {
    directory: folder,
    data: join(folder, 'data'),
    host: '127.0.0.1',
    port: Number(new URL(broker.mqtt).port),
    wsPort: Number(new URL(broker.ws).port),
  };
  return {
    name: 'mosquitto',
    versions: [5, 4],
    mqtt: broker.mqtt,
    ws: broker.ws,
    policy,
    folder,
    closesOnSubscribe: false,
    closesOnPublish: false,
    options,
    env: process.env,
    get reload() {
      return `kill -HUP ${broker.pid()}`;
    },
    credential: credentialIn(folder),
    apply: async (changed) => {
      await installTarget(target, changed, folder, options);
      await broker.reload();
    },
    stop: () => broker.stop(),
  };
}
