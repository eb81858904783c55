import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { target } from '../../../broker-config/targets/caddy.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { neededProgram } from '../install-programs.ts';
import { BrokerProcess } from './broker-process.ts';
import { frontSite, type FrontedName, type RunningFront } from './front-site.ts';

/**
 * Caddy with the generated configuration in front of one broker.
 * @param port where the broker's WebSocket listens on 127.0.0.1
 */
export async function startCaddy(policy: Policy, broker: FrontedName, port: number): Promise<RunningFront> {
  const program = neededProgram('caddy');
  const site = await frontSite(target, policy, broker, port);
  const { folder } = site;
  const own = join(folder, 'Caddyfile');
  writeFileSync(join(folder, 'site.Caddyfile'), site.text);
  // Its administrator's port is one for the machine, and several run at a time here.
  writeFileSync(own, `{\n  admin off\n}\nimport ${folder}/site.Caddyfile\n`);
  const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  return site.run(() => new BrokerProcess(program, ['run', '--config', own, '--adapter', 'caddyfile'], env));
}
