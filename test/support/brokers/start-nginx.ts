import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { target } from '../../../broker-config/targets/nginx.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { freePorts } from '../free-port.ts';
import { findProgram } from '../install-programs.ts';
import { BrokerProcess } from './broker-process.ts';

const run = promisify(execFile);

/** nginx with the generated configuration in front of one broker, on a free loopback port, with a certificate of its own. */
export interface RunningNginx {
  /** `https://127.0.0.1:…` */
  readonly origin: string;
  /** `wss://127.0.0.1:…/mqtt` */
  readonly ws: string;
  /** The certificate, which signed itself: whoever trusts it gives it as an authority. */
  readonly certificate: string;
  /** What is served as the page. */
  readonly page: string;
  stop(): Promise<void>;
}

/** @param port where the broker's WebSocket listens on 127.0.0.1 */
export async function startNginx(
  policy: Policy,
  broker: 'mosquitto' | 'nats' | 'rabbitmq',
  port: number,
): Promise<RunningNginx> {
  const program = findProgram('nginx');
  if (program === undefined) throw new Error('nginx is not installed; on Debian: apt-get install nginx');
  const folder = mkdtempSync(join(tmpdir(), 'telltale-nginx-'));
  // Started by root, its workers are another user, who must be able to read the page.
  chmodSync(folder, 0o755);
  const page = join(folder, 'page');
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Page</title>');
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'telltale.key'), '-out', join(folder, 'telltale.crt')];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files]);
  const [own = 0] = await freePorts(1);
  const options = { directory: folder, data: page, host: '127.0.0.1', port: own, wsPort: port };
  const file = target.compile(policy, options).find(({ path }) => path === `${broker}.conf`);
  writeFileSync(join(folder, 'site.conf'), file?.text ?? '');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http { access_log off; include /etc/nginx/mime.types; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi; include ${folder}/site.conf; }
`,
  );
  const server = new BrokerProcess(program, [
    '-c',
    join(folder, 'nginx.conf'),
    '-e',
    join(folder, 'error.log'),
  ]);
  const stop = async () => {
    await server.stop('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  await server.listens([own]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    origin: `https://127.0.0.1:${own}`,
    ws: `wss://127.0.0.1:${own}/mqtt`,
    certificate: readFileSync(join(folder, 'telltale.crt'), 'utf8'),
    page,
    stop,
  };
}
