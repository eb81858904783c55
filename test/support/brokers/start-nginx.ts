import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { target } from '../../../broker-config/targets/nginx.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { neededProgram } from '../install-programs.ts';
import { BrokerProcess } from './broker-process.ts';
import { frontSite, type FrontedName, type RunningFront } from './front-site.ts';

/**
 * nginx with the generated configuration in front of one broker.
 * @param port where the broker's WebSocket listens on 127.0.0.1
 */
export async function startNginx(policy: Policy, broker: FrontedName, port: number): Promise<RunningFront> {
  const program = neededProgram('nginx');
  const site = await frontSite(target, policy, broker, port);
  const { folder } = site;
  const errors = join(folder, 'error.log');
  const own = join(folder, 'nginx.conf');
  writeFileSync(join(folder, 'site.conf'), site.text);
  writeFileSync(
    own,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${errors};
events { worker_connections 512; }
http { access_log off; include /etc/nginx/mime.types; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi; include ${folder}/site.conf; }
`,
  );
  return site.run(() => new BrokerProcess(program, ['-c', own, '-e', errors]));
}
