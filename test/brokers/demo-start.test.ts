import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextEvent } from '../support/demo-broker.ts';
import { processesNaming, runStartToEnd, startDemo } from '../support/demo-stack.ts';
import type { DemoStack, DemoStackOptions } from '../support/demo-stack.ts';

const PATIENCE = 30_000;

let stack: DemoStack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

async function start(options: DemoStackOptions): Promise<DemoStack> {
  stack = await startDemo({ page: false, ...options });
  return stack;
}

function signIn(to: DemoStack, username: string, password: string, clientId?: string): MqttClient {
  return mqtt.connect(to.mqtt, { username, password, clientId, protocolVersion: 4, reconnectPeriod: 0 });
}

/** The retained messages that `filters` bring, until `count` have come. */
async function retained(from: DemoStack, filters: string[], count: number): Promise<Map<string, string>> {
  const { username, password } = from.users['viewer']!;
  const client = signIn(from, username, password);
  const found = new Map<string, string>();
  const all = new Promise<void>((done) =>
    client.on('message', (topic, payload, packet) => {
      if (packet.retain) found.set(topic, String(payload));
      if (found.size === count) done();
    }),
  );
  await client.subscribeAsync(filters, { qos: 1 });
  await all;
  await client.endAsync();
  return found;
}

/** Waits until each topic brought a message. */
function nextMessages(client: MqttClient, topics: readonly string[]): Promise<void> {
  const missing = new Set(topics);
  return new Promise((done) =>
    client.on('message', (topic) => {
      missing.delete(topic);
      if (missing.size === 0) done();
    }),
  );
}

describe('everything is up', () => {
  it(
    'one line of JSON on standard output, and every device it names is online',
    { timeout: PATIENCE },
    async () => {
      const up = await start({ devices: 6 });
      expect(up.output().trimEnd().split('\n')).toHaveLength(1);
      const keys = ['url', 'mqtt', 'ws', 'users', 'devices', 'pid'];
      expect(Object.keys(JSON.parse(up.output()) as object)).toEqual(keys);
      expect(Object.keys(up.users)).toEqual(['viewer', 'operator', 'admin']);
      expect(Object.keys(up.devices)).toHaveLength(7);
      expect(up.ws).toBe(`${up.url.replace('http', 'ws')}mqtt`);
      const statuses = await retained(up, ['devices/+/status'], 6);
      expect([...statuses.keys()].sort()).toEqual(
        Object.keys(up.devices)
          .filter((id) => id !== 'my-board')
          .map((id) => `devices/${id}/status`)
          .sort(),
      );
      expect(new Set(statuses.values())).toEqual(new Set(['{"online":true}']));
    },
  );

  it(
    'Ctrl-C ends it with 0, the devices have said goodbye, and nothing is left',
    { timeout: PATIENCE },
    async () => {
      const data = mkdtempSync(join(tmpdir(), 'telltale-kept-'));
      const first = await start({ devices: 3, data });
      const began = performance.now();
      expect(await first.stop()).toBe(0);
      expect(performance.now() - began).toBeLessThan(3_000);
      expect(processesNaming(data)).toEqual([]);
      const second = await start({ devices: 0, data });
      const statuses = await retained(second, ['devices/+/status'], 3);
      expect(new Set(statuses.values())).toEqual(new Set(['{"online":false}']));
      await second.stop();
      rmSync(data, { recursive: true, force: true });
    },
  );
});

describe('kill -9', () => {
  it(
    'leaves no process behind, and retained state and passwords are there again',
    { timeout: PATIENCE },
    async () => {
      const up = await start({ devices: 3 });
      const { username, password } = up.devices['my-board']!;
      const board = signIn(up, username, password, 'my-board');
      await nextEvent(board, 'connect');
      // aedes acknowledges before it stores; what somebody has seen is stored.
      const viewer = signIn(up, up.users['viewer']!.username, up.users['viewer']!.password);
      const topics = ['devices/my-board/status', 'devices/my-board/telemetry'];
      await viewer.subscribeAsync(topics, { qos: 1 });
      const seen = nextMessages(viewer, topics);
      await board.publishAsync('devices/my-board/status', '{"online":true}', { qos: 1, retain: true });
      await board.publishAsync('devices/my-board/telemetry', '{"t":21.5}', { qos: 1, retain: true });
      await seen;
      for (const client of [board, viewer]) client.on('error', () => {});
      await up.kill();
      expect(processesNaming(up.data)).toEqual([]);

      const users = structuredClone(up.users);
      await up.restart();
      const greeting = JSON.parse(up.output().trimEnd().split('\n')[1] ?? '') as DemoStack;
      expect(greeting.users).toEqual(users);
      expect(Object.fromEntries(await retained(up, topics, 2))).toEqual({
        'devices/my-board/status': '{"online":true}',
        'devices/my-board/telemetry': '{"t":21.5}',
      });
    },
  );
});

describe('what a person has to put right is one line', () => {
  let folder: string;
  let taken: ReturnType<typeof createServer>;
  let port: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-start-'));
    mkdirSync(join(folder, 'page'));
    writeFileSync(join(folder, 'page/index.html'), 'page');
    taken = createServer().listen(0, '127.0.0.1');
    await nextEvent(taken, 'listening');
    port = (taken.address() as AddressInfo).port;
  });
  afterAll(() => {
    taken.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) =>
    runStartToEnd([
      ...['--json', '--devices', '0', '--port', '0', '--mqtt-port', '0'],
      ...['--data', join(folder, 'data'), '--dist', join(folder, 'page'), ...args],
    ]);

  it.each<[string, () => string[], number, string]>([
    ['a bad flag', () => ['--prot', '1'], 2, 'There is no flag "--prot".'],
    ['a taken port', () => ['--port', String(port)], 1, 'is taken; choose another with --port'],
    [
      'a taken MQTT port',
      () => ['--mqtt-port', String(port)],
      1,
      'is taken; choose another with --mqtt-port',
    ],
    ["somebody else's address", () => ['--host', '192.0.2.1'], 1, 'is no address of this machine'],
    [
      'a data folder that is a file',
      () => ['--data', join(folder, 'page/index.html')],
      1,
      'name another one',
    ],
    ['a data folder that nobody can make', () => ['--data', '/proc/telltale'], 1, 'Cannot write to the data'],
    [
      'a missing certificate',
      () => ['--tls', '/no.pem', '/no.key'],
      1,
      'Cannot read the certificate /no.pem',
    ],
    ['files that are no certificate', () => ['--tls', page(), page()], 1, 'are no certificate and its key'],
    ['a page that was never built', () => ['--dist', folder], 1, 'There is no built page in'],
  ])('%s', { timeout: PATIENCE }, async (_what, args, code, words) => {
    const ended = await run(...args());
    expect(ended.stderr).toContain(words);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(code);
  });
  const page = () => join(folder, 'page/index.html');

  it('a data folder that another start uses', { timeout: PATIENCE }, async () => {
    await start({ devices: 0, data: join(folder, 'shared') });
    const ended = await run('--data', join(folder, 'shared'));
    expect(ended.stderr).toContain('is in use by another "npm start"');
    expect(ended.code).toBe(1);
  });
});
