import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installTarget } from '../../../broker-config/install-target.ts';
import { target } from '../../../broker-config/targets/rabbitmq.ts';
import type { Credential } from '../../../src/model/broker.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { lastingPorts } from '../free-port.ts';
import { BrokerProcess } from './broker-process.ts';
import { letsIn } from './lets-in.ts';
import { credentialIn, type RunningBroker } from './running-broker.ts';

const run = promisify(execFile);
const LIBRARY = '/usr/lib/rabbitmq/lib';
const READY_MS = 30_000;

/** One RabbitMQ with the generated configuration. Boots in about eight seconds, so start it once for a file. */
export async function startRabbitmq(policy: Policy): Promise<RunningBroker> {
  // Debian's wrapper in /usr/sbin changes the user; the scripts of the library do not.
  const version = readdirSync(LIBRARY).find((name) => name.startsWith('rabbitmq_server-'));
  if (version === undefined)
    throw new Error('RabbitMQ is not installed; on Debian: apt-get install rabbitmq-server');
  const programs = join(LIBRARY, version, 'sbin');
  const folder = mkdtempSync(join(tmpdir(), 'telltale-rabbitmq-'));
  // It takes seconds to listen on them.
  const [port = 0, wsPort = 0, amqp = 0, distribution = 0, epmd = 0] = await lastingPorts(5);
  const options = { directory: folder, host: '127.0.0.1', port, wsPort };
  await installTarget(target, policy, folder, options);
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_NODENAME: 'telltale@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  const server = new BrokerProcess(join(programs, 'rabbitmq-server'), [], env);
  const stop = async () => {
    await server.stop('SIGTERM');
    // Erlang's port mapper outlives its nodes; this one is ours alone, by its port.
    await run('epmd', ['-port', String(epmd), '-kill'], { env }).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  const mqtt = `mqtt://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${wsPort}/ws`;
  const credential = credentialIn(folder);
  try {
    // Its ports listen before its users and their rights are loaded.
    await server.says(/completed with \d+ plugins/);
    const [first] = policy.principals;
    if (first !== undefined) await untilLetIn([mqtt, ws], credential(first.username));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'rabbitmq',
    versions: [4],
    mqtt,
    ws,
    policy,
    folder,
    closesOnSubscribe: true,
    closesOnPublish: true,
    options,
    env: { ...env, PATH: `${programs}:${process.env['PATH']}` },
    credential,
    apply: async (changed, revoked) => {
      await installTarget(target, changed, folder, options);
      const { reload, drop } = target.installation.commands(options);
      const before = revoked === undefined ? [] : drop(revoked);
      for (const [command = '', ...args] of [...before, ...reload]) {
        await run(join(programs, command), args, { env });
      }
    },
    stop,
  };
}

/** Until its register of client ids has a leader it closes on everybody. */
async function untilLetIn(urls: readonly string[], credential: Credential): Promise<void> {
  const patience = Date.now() + READY_MS;
  for (const url of urls) {
    while (!(await letsIn(url, credential))) {
      if (Date.now() > patience) throw new Error(`RabbitMQ lets nobody in at ${url}.`);
      await delay(200);
    }
  }
}
