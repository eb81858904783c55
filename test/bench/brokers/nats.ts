import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Credential } from '../../../src/model/broker.ts';
import { freePorts } from '../../support/free-port.ts';
import { findProgram } from '../../support/install-programs.ts';

/** A real NATS server with its MQTT and WebSocket listeners, in its own folder, on free loopback ports. */
export interface RunningNats {
  /** The MQTT port for devices. */
  readonly port: number;
  readonly ws: string;
  readonly credential: Credential;
  stop(): Promise<void>;
}

const START_MS = 10_000;
const CREDENTIAL: Credential = { username: 'bench', password: 'bench-on-loopback' };

/** @param compression whether it offers permessage-deflate on its WebSocket listener */
export async function startNats(compression = false): Promise<RunningNats> {
  const program = findProgram('nats-server');
  if (program === undefined) throw new Error('NATS is not installed; on Debian: apt-get install nats-server');
  const folder = mkdtempSync(join(tmpdir(), 'telltale-nats-'));
  const [client = 0, port = 0, ws = 0] = await freePorts(3);
  const file = join(folder, 'nats.conf');
  writeFileSync(
    file,
    `server_name: bench
listen: "127.0.0.1:${client}"
# Sessions and retained messages are kept in JetStream; without it there is no MQTT.
jetstream { store_dir: "${folder}/store" }
mqtt { listen: "127.0.0.1:${port}" }
websocket { listen: "127.0.0.1:${ws}", no_tls: true, compression: ${compression} }
authorization { users = [ {user: ${CREDENTIAL.username}, password: "${CREDENTIAL.password}"} ] }
`,
  );
  const child = spawn(program, ['-c', file], { stdio: 'ignore' });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    process.off('exit', endWithUs);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (
    const patience = Date.now() + START_MS;
    !(await listens(port)) || !(await listens(ws));
    await delay(50)
  ) {
    if (child.exitCode === null && Date.now() < patience) continue;
    await stop();
    throw new Error('NATS did not start.');
  }
  return { port, ws: `ws://127.0.0.1:${ws}/mqtt`, credential: CREDENTIAL, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
