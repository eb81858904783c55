import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** `count` different loopback TCP ports that nothing listens on at this moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any: one of those could be taken between
 * its choice and its use. Each process has a block of its own, so that test files side by side do not choose the same.
 */
const FIRST = 10_000;
const BLOCK = 100;
const BLOCKS = 220;

let next = 0;

/**
 * As {@link freePorts}, for many that are used only later, since nothing but a listener that asks for one gets it.
 * @throws Error when this process's block has too few
 */
export async function lastingPorts(count: number): Promise<readonly number[]> {
  const first = FIRST + (process.pid % BLOCKS) * BLOCK;
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried++) {
    if (tried === BLOCK) throw new Error(`Fewer than ${count} ports from ${first} on are free.`);
    const port = first + (next++ % BLOCK);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
