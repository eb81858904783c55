import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { WITNESS, withWitness } from '../../broker-config/with-witness.ts';
import { connectClient } from '../support/broker-clients.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { runBrokerConfig } from '../support/run-broker-config.ts';

// What Mosquitto silently does not do.

let broker: Awaited<ReturnType<typeof startMosquitto>>;
beforeAll(async () => {
  broker = await startMosquitto({ policy: withWitness(await loadPolicy({ devices: ['pump-1'] })) });
});
afterAll(() => broker.stop());

const limits = () =>
  runBrokerConfig(
    ...['audit', '--limits', '--yes', '--broker', broker.ws],
    ...['--credentials', join(broker.folder, 'credentials.json')],
  );

test('with the generated configuration a snapshot is whole, the address is kept, and the known limits for large messages are named', async () => {
  const { code, stderr } = await limits();
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^A message of 64 KB took [12]\.\d s, [2-5]\d KB\/s\. .*keep messages under 4 KB/),
    expect.stringMatching(/^A message of 132096 bytes came, and the roles file allows 131072/),
  ]);
}, 60_000);

test('Ctrl-C in the middle of it: nothing stays retained', async () => {
  const looks = await connectClient(broker.ws, broker.credentials.users[WITNESS]!, { version: 4 });
  await looks.subscribe('elsewhere/#');
  const child = spawn(process.execPath, [
    ...['--import', 'tsx', 'broker-config/compile.ts', 'audit', '--limits', '--yes', '--broker', broker.ws],
    ...['--credentials', join(broker.folder, 'credentials.json')],
  ]);
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = once(child, 'exit');
  await looks.received(({ payload }) => payload.startsWith('snapshot'));
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(stderr).toBe('Interrupted. What was published is cleared again.\n');
  await looks.end();
  const late = await connectClient(broker.ws, broker.credentials.users[WITNESS]!, { version: 4 });
  await late.subscribe('#');
  await late.publish('elsewhere/fence', 'that was all');
  await late.received(({ payload }) => payload === 'that was all');
  expect(late.seen.filter(({ retain }) => retain)).toEqual([]);
  await late.end();
}, 60_000);

test('with its own limits for what waits, what is large and where it listens: each is found, with what to set', async () => {
  await broker.down();
  const file = join(broker.folder, 'mosquitto.conf');
  const text = readFileSync(file, 'utf8')
    .replace(/^max_queued_messages.*$/m, 'message_size_limit 32768')
    .replace(/^socket_domain ipv4\n(?=protocol websockets)/m, '');
  writeFileSync(file, text);
  await broker.up();
  const { code, stderr } = await limits();
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^Of 2000 retained messages \d+ came: .*"max_queued_messages"/),
    expect.stringMatching(/^A message of 64 KB did not come: .*"message_size_limit"/),
    expect.stringMatching(/ answers on [\d.]+.* too\. .*"socket_domain ipv4"/),
  ]);
}, 60_000);
