import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fleetIds } from '../../src/demo/fleet-ids.ts';
import type { DemoKind } from '../../src/demo/demo-device.ts';
import { startFleet, type Fleet } from '../../src/node/fleet.ts';
import { readShelf } from '../../src/node/fleet-shelf.ts';

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly qos: number;
  readonly retain: boolean;
}

/** A real broker that lets everybody in and hears everything. */
async function startBroker(port = 0) {
  const aedes = await Aedes.createBroker();
  const heard: Heard[] = [];
  const waiting: { wanted: (heard: Heard) => boolean; done: (heard: Heard) => void }[] = [];
  aedes.on('publish', ({ topic, payload, qos, retain }) => {
    const message = { topic, text: payload.toString(), qos, retain };
    heard.push(message);
    for (const entry of waiting.filter(({ wanted }) => wanted(message))) {
      waiting.splice(waiting.indexOf(entry), 1);
      entry.done(message);
    }
  });
  const server: Server = createServer((socket) => void aedes.handle(socket));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    aedes,
    heard,
    port: address.port,
    url: `mqtt://127.0.0.1:${address.port}`,
    clients: () => aedes.connectedClients,
    /** The next message that fits; ask before causing it. */
    next: (wanted: (heard: Heard) => boolean) => new Promise<Heard>((done) => waiting.push({ wanted, done })),
    command: (topic: string, payload: unknown) =>
      new Promise<void>((done) =>
        aedes.publish(
          { cmd: 'publish', topic, payload: JSON.stringify(payload), qos: 1, retain: false, dup: false },
          () => done(),
        ),
      ),
    async stop() {
      server.close();
      await new Promise<void>((done) => aedes.close(() => done()));
    },
  };
}

type Broker = Awaited<ReturnType<typeof startBroker>>;

const shelf = await readShelf();
let broker: Broker;
let fleet: Fleet | undefined;
let child: ChildProcess | undefined;
const reports: string[] = [];

const startHere = (options: Partial<Parameters<typeof startFleet>[0]> = {}) => {
  fleet = startFleet({
    broker: broker.url,
    root: 'devices',
    ids: fleetIds(4),
    shelf,
    seed: 1,
    report: (line) => reports.push(line),
    ...options,
  });
  return fleet;
};

beforeEach(async () => {
  reports.length = 0;
  broker = await startBroker();
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await fleet?.stop();
  fleet = undefined;
  await broker.stop();
});

test('every device comes online, retained, and says who it is', async () => {
  await startHere({ ids: fleetIds(24) }).ready;
  expect(broker.clients()).toBe(24);
  const climate = broker.heard.filter(({ topic }) => topic.startsWith('devices/climate-1/'));
  const seen = climate.slice(0, 4).map(({ topic, qos, retain }) => [topic.slice(18), qos, retain]);
  expect(seen[0]).toEqual(['status', 1, true]);
  expect(seen.slice(1)).toContainEqual(['meta', 1, true]);
  expect(seen.slice(1)).toContainEqual(['config/reported', 1, true]);
  expect(seen.slice(1)).toContainEqual(['telemetry', 0, false]);
  expect(climate[0]?.text).toBe('{"online":true}');
});

test('a command goes to the device and its answer comes back', async () => {
  await startHere().ready;
  const ack = broker.next(({ topic }) => topic === 'devices/pump-1/ack');
  const reading = broker.next(
    ({ topic, text }) => topic === 'devices/pump-1/telemetry' && text.startsWith('{"relay":false'),
  );
  await broker.command('devices/pump-1/cmd', { id: 'c1', name: 'relay', args: { on: false }, ttl: 60 });
  expect(await ack).toMatchObject({ text: '{"id":"c1","ok":true,"result":{"relay":false}}', qos: 1 });
  expect((await reading).retain).toBe(false);
});

test('a device takes its configuration from the retained topic and reports it', async () => {
  await startHere().ready;
  const reported = broker.next(
    ({ topic, text }) => topic === 'devices/climate-1/config/reported' && text === '{"offset":1.5}',
  );
  await broker.command('devices/climate-1/config', { offset: 1.5 });
  expect((await reported).retain).toBe(true);
});

test('the will speaks for a device that drops without goodbye, and it comes back', async () => {
  const clumsy = {
    kind: 'clumsy',
    interval: 0.2,
    create: () => {
      let dropped = false;
      return {
        hasClock: false,
        answers: true,
        read: (uptime: number) => ({ ts: uptime }),
        mishap() {
          if (dropped) return undefined;
          dropped = true;
          return { dropFor: 0.2 };
        },
      };
    },
  } satisfies DemoKind;
  const will = broker.next(({ text }) => text === '{"online":false}');
  startHere({ ids: ['clumsy-1'], shelf: new Map([['clumsy', clumsy]]) });
  expect(await will).toEqual({
    topic: 'devices/clumsy-1/status',
    text: '{"online":false}',
    qos: 1,
    retain: true,
  });
  const back = await broker.next(({ text }) => text === '{"online":true}');
  expect(back.topic).toBe('devices/clumsy-1/status');
  expect(reports).toEqual([]);
});

test('the fleet outlives its broker and tells once that it is away and once that it is back', async () => {
  await startHere().ready;
  const { port } = broker;
  await broker.stop();
  await expect.poll(() => reports.length, { timeout: 8000 }).toBeGreaterThan(0);
  expect(reports[0]).toBe(`Cannot reach ${broker.url}: nothing listens there. The fleet keeps trying.`);
  broker = await startBroker(port);
  await expect.poll(() => broker.clients(), { timeout: 8000 }).toBe(4);
  expect(reports.slice(1)).toEqual([`${broker.url} answers again.`]);
}, 20_000);

test('a refused credential is told with the name of the device, once', async () => {
  const again = new Promise<void>((done) => {
    let tries = 0;
    broker.aedes.authenticate = (_client, username, password, answer) => {
      const right = password?.toString() === 'right';
      if (!right) tries++;
      answer(null, right);
      if (tries === 3) done();
    };
  });
  const credentials = new Map([
    ['climate-1', { username: 'climate-1', password: 'right' }],
    ['pump-1', { username: 'pump-1', password: 'wrong' }],
  ]);
  const online = broker.next(({ topic }) => topic === 'devices/climate-1/status');
  startHere({ ids: ['climate-1', 'pump-1'], credentials });
  await online;
  await again;
  expect(reports).toEqual([
    `${broker.url} refused pump-1: user name or password is wrong, or it may not connect.`,
  ]);
}, 15_000);

test('a fleet that is stopped says goodbye, and no will has to', async () => {
  await startHere().ready;
  const before = broker.heard.length;
  await fleet?.stop();
  const goodbyes = broker.heard.slice(before).filter(({ text }) => text === '{"online":false}');
  expect(goodbyes.map(({ topic }) => topic.split('/')[1]).sort()).toEqual([...fleetIds(4)].sort());
  await expect.poll(() => broker.clients()).toBe(0);
  expect(broker.heard.filter(({ text }) => text === '{"online":false}')).toHaveLength(4);
});

test('a rate for the whole fleet is kept', async () => {
  await startHere({ ids: fleetIds(20), rate: 200 }).ready;
  const readings = () => broker.heard.filter(({ topic }) => topic.endsWith('/telemetry')).length;
  const before = readings();
  const start = performance.now();
  await expect.poll(readings, { interval: 20, timeout: 8000 }).toBeGreaterThan(before + 300);
  const rate = (readings() - before) / ((performance.now() - start) / 1000);
  expect(rate).toBeGreaterThan(140);
  expect(rate).toBeLessThan(260);
});

function forkSimulator(args: readonly string[]) {
  const script = fileURLToPath(new URL('../../src/node/simulate.ts', import.meta.url));
  const started = fork(script, args, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let errors = '';
  started.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child = started;
  return { started, errors: () => errors };
}

test('the forked simulator says when it is ready and ends when its parent lets go', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'telltale-')), 'devices.json');
  const entries = fleetIds(3).map((id) => [id, { username: id, password: 'p' }] as const);
  writeFileSync(file, JSON.stringify(Object.fromEntries(entries)));
  const { started } = forkSimulator(['--broker', broker.url, '--devices', '3', '--credentials', file]);
  expect((await once(started, 'message'))[0]).toEqual({ type: 'ready' });
  expect(broker.clients()).toBe(3);
  const ended = once(started, 'exit');
  started.disconnect();
  expect(await ended).toEqual([0, null]);
  expect(broker.heard.filter(({ text }) => text === '{"online":false}')).toHaveLength(3);
});

test('SIGTERM ends the simulator within two seconds, with the broker away as well', async () => {
  const { port } = broker;
  await broker.stop();
  const { started, errors } = forkSimulator(['--broker', broker.url, '--devices', '3']);
  await once(started.stderr!, 'data');
  expect(errors()).toMatch(/^Cannot reach/);
  const ended = once(started, 'exit');
  const start = performance.now();
  started.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(performance.now() - start).toBeLessThan(2000);
  broker = await startBroker(port);
});

test.each([
  [['--broker', 'nowhere'], 2, /^--broker takes an address .*\n$/],
  [['--broker', 'mqtt://x', '--credentials', '/no/such/file'], 1, /^Cannot read .* does not exist\.\n$/],
])('the command line %j ends with one line', async (args, code, line) => {
  const { started, errors } = forkSimulator(args);
  expect(await once(started, 'close')).toEqual([code, null]);
  expect(errors()).toMatch(line);
});
