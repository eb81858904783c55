import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Target, TargetOptions } from '../../../broker-config/target.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { freePorts } from '../free-port.ts';
import type { BrokerProcess } from './broker-process.ts';

const run = promisify(execFile);

/** A broker as the files in front of it are named. */
export type FrontedName = 'mosquitto' | 'nats' | 'rabbitmq';

/** A web server in front of one broker, on a free loopback port, with a certificate of its own. */
export interface RunningFront {
  /** `https://127.0.0.1:…` */
  readonly origin: string;
  /** `wss://127.0.0.1:…/mqtt` */
  readonly ws: string;
  /** The certificate, which signed itself: whoever trusts it gives it as an authority. */
  readonly certificate: string;
  /** The folder of what is served as the page. */
  readonly page: string;
  stop(): Promise<void>;
}

/** What a web server needs before it starts. */
export interface FrontSite {
  readonly folder: string;
  /** The generated file for this site. */
  readonly text: string;
  /** Starts with what the caller has made of it. */
  run(begin: () => BrokerProcess): Promise<RunningFront>;
}

/** @param wsPort where the broker's WebSocket listens on 127.0.0.1 */
export async function frontSite(
  target: Target,
  policy: Policy,
  broker: FrontedName,
  wsPort: number,
): Promise<FrontSite> {
  const folder = mkdtempSync(join(tmpdir(), `telltale-${target.name}-`));
  // Started by root, the workers of nginx are another user, who must be able to read the page.
  chmodSync(folder, 0o755);
  const page = join(folder, 'page');
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Page</title>');
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'telltale.key'), '-out', join(folder, 'telltale.crt')];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files]);
  const [port = 0] = await freePorts(1);
  const options: TargetOptions = { directory: folder, data: page, host: '127.0.0.1', port, wsPort };
  const file = target.compile(policy, options).find(({ path }) => path.startsWith(`${broker}.`));
  if (!file) throw new Error(`${target.title} has no file for ${broker}.`);
  return {
    folder,
    text: file.text,
    run: async (begin) => {
      const server = begin();
      const stop = async () => {
        await server.stop('SIGTERM');
        rmSync(folder, { recursive: true, force: true });
      };
      await server.listensOr(stop, [port]);
      return {
        origin: `https://127.0.0.1:${port}`,
        ws: `wss://127.0.0.1:${port}/mqtt`,
        certificate: readFileSync(join(folder, 'telltale.crt'), 'utf8'),
        page,
        stop,
      };
    },
  };
}
