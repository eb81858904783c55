import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/engine/time/clock.ts';
import { examine } from '../../src/engine/doctor.ts';
import type { DiagnoseRequest } from '../../src/engine-api/calls.ts';
import type { Socket } from '../../src/engine/connection/socket.ts';
import type { BrokerProfile, Credential } from '../../src/model/broker.ts';
import type { CauseName, Diagnosis } from '../../src/model/doctor/findings.ts';
import { policyTopic, type Policy } from '../../src/model/policy.ts';
import { listen } from '../../src/node/listen.ts';
import { acceptWebSockets } from '../../src/node/web-socket.ts';
import { ownPolicy } from '../support/brokers/policies.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';
import { startAclFile } from '../support/brokers/start-acl-file.ts';
import { startDynsec } from '../support/brokers/start-dynsec.ts';
import { startNats } from '../support/brokers/start-nats.ts';
import type { RunningFront } from '../support/brokers/front-site.ts';
import { startNginx } from '../support/brokers/start-nginx.ts';
import { startRabbitmq } from '../support/brokers/start-rabbitmq.ts';
import { startDemoBroker, type DemoBrokerHere } from '../support/demo-broker.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { freePorts } from '../support/free-port.ts';
import { nodeNetwork } from '../support/node-network.ts';
import { loadMqtt } from '../support/load-mqtt.ts';

// Broken set-ups of real servers, and what the doctor says first. The sockets are those of Node's `ws`, which tells no more
// than a browser does: 1006 for whatever fails before it opens.

const APP = 'https://app.example';
/** Somebody who may sign in and read nothing but what the policy says of him. */
const NOBODY = {
  username: 'nobody',
  role: 'none',
  subscribe: [policyTopic('nobody')],
  publish: [],
  clearRetained: false,
};
const own = await ownPolicy();
/** In the broker's own network, where a page over http:// may open ws://. */
const NEAR = 'http://127.0.0.1:8080';
const policy: Policy = { ...own, origins: [APP, NEAR], principals: [...own.principals, NOBODY] };

interface Case {
  readonly url: string;
  readonly credential?: Credential;
  readonly profile?: Partial<BrokerProfile>;
  /** The origin of the page, which the socket says to the server. */
  readonly page?: string;
  /** An authority that this browser trusts. */
  readonly ca?: string;
  readonly workedBefore?: boolean;
}

async function diagnosed({
  url,
  credential,
  profile,
  page = APP,
  ca,
  workedBefore = false,
}: Case): Promise<Diagnosis> {
  const request: DiagnoseRequest = {
    profile: { name: 'test', urls: [url], root: 'devices', ...profile },
    ...(credential && { credential, username: credential.username }),
    page,
    workedBefore,
    takenOver: false,
  };
  const [diagnosis] = await examine(
    {
      loadMqtt,
      openSocket: (address, subprotocols) =>
        new WebSocket(address, subprotocols, { origin: page, ca }) as unknown as Socket,
      clock: systemClock,
      random: (n) => new Uint8Array(randomBytes(n)),
      network: nodeNetwork(ca),
    },
    request,
  );
  if (!diagnosis) throw new Error('There is no diagnosis.');
  return diagnosis;
}

const first = async (set: Case): Promise<CauseName | undefined> => (await diagnosed(set)).causes[0]?.name;
const wrong = (credential: Credential): Credential => ({ ...credential, password: 'wrong' });
const at = (url: string, path: string) => url.replace(/\/[^/]*$/, path);

const REAL = [
  { kind: 'rabbitmq', name: 'RabbitMQ', start: startRabbitmq, noRights: 'acl', wrongPath: '/mqtt' },
  {
    kind: 'mosquitto',
    name: 'Mosquitto acl_file',
    start: startAclFile,
    noRights: 'nothing-wrong',
    wrongPath: undefined,
  },
  { kind: 'mosquitto', name: 'Mosquitto dynsec', start: startDynsec, noRights: 'acl', wrongPath: undefined },
  { kind: 'nats', name: 'NATS', start: startNats, noRights: 'acl', wrongPath: '/ws' },
] as const;

describe.each(REAL)('$name', ({ kind, start, noRights, wrongPath }) => {
  let broker: RunningBroker;
  beforeAll(async () => {
    broker = await start(policy);
  }, 90_000);
  afterAll(() => broker.stop(), 30_000);

  const set = (more: Partial<Case> = {}): Case => ({
    url: broker.ws,
    credential: broker.credential('viewer'),
    page: NEAR,
    ...more,
    profile: { kind, ...more.profile },
  });

  test('nothing is wrong', async () => expect(await first(set())).toBe('nothing-wrong'));

  test('a wrong password', async () => {
    const diagnosis = await diagnosed(set({ credential: wrong(broker.credential('viewer')) }));
    expect(diagnosis.causes[0]?.name).toBe('credential');
    expect(diagnosis.stages.find(({ name }) => name === 'handshake')?.outcome).toBe('passed');
  });

  test('a wrong password, and the profile does not say which kind of broker it is', async () =>
    expect(
      await first(set({ credential: wrong(broker.credential('viewer')), profile: { kind: undefined } })),
    ).toBe('credential'));

  test('no right to read, as far as this broker admits it', async () => {
    const { causes } = await diagnosed(set({ credential: broker.credential('nobody') }));
    expect(causes[0]?.name).toBe(noRights);
    if (noRights === 'nothing-wrong') expect(causes[1]?.name).toBe('acl-filtered');
  });

  test('a wrong path, where the path matters', async () => {
    const wrongly = set({ url: at(broker.ws, wrongPath ?? '/elsewhere') });
    const [cause] = (await diagnosed(wrongly)).causes;
    expect(cause?.name).toBe(wrongPath === undefined ? 'nothing-wrong' : 'path');
    if (wrongPath !== undefined) expect(cause?.fix).toContain(broker.ws);
  });

  test('nobody typed a password', async () =>
    expect(await first(set({ credential: undefined }))).toBe('not-signed-in'));

  test('wss:// to its listener without TLS', async () =>
    expect(await first(set({ url: broker.ws.replace('ws:', 'wss:') }))).toBe('scheme'));
});

describe('aedes behind the demo’s own gate', () => {
  let here: DemoBrokerHere;
  let url: string;
  let stop: () => void;
  const viewer = { username: 'viewer', password: 'viewer-password' };
  beforeAll(async () => {
    here = await startDemoBroker(['pump-1']);
    const server = createServer((_request, response) => response.writeHead(404).end());
    const end = acceptWebSockets(server, {
      names: new Set(['127.0.0.1']),
      handle: here.broker.aedes.handle,
      report: () => undefined,
    });
    url = `ws://127.0.0.1:${await listen(server, '127.0.0.1', 0, '--port')}/mqtt`;
    stop = () => {
      end();
      server.close();
    };
  });
  afterAll(async () => {
    stop();
    await here.stop();
  });

  const set = (more: Partial<Case> = {}): Case => ({
    url,
    credential: viewer,
    page: NEAR,
    ...more,
    profile: { kind: 'aedes', ...more.profile },
  });

  test.each<readonly [situation: string, more: () => Partial<Case>, cause: CauseName]>([
    ['nothing is wrong', () => ({}), 'nothing-wrong'],
    ['a wrong password', () => ({ credential: wrong(viewer) }), 'credential'],
    ['a wrong path', () => ({ url: at(url, '/ws') }), 'path'],
    ['the origin is not allowed', () => ({ page: 'http://elsewhere.example' }), 'origin'],
    ['a version that the profile fixes', () => ({ profile: { protocol: 5 } }), 'protocol'],
    [
      'a sign-in of a device, bound to its client id',
      () => ({ credential: { username: 'pump-1', password: 'pump-1-password' } }),
      'client-id',
    ],
    ['a subprotocol that it does not know', () => ({ profile: { subprotocol: 'mqtt.v9' } }), 'subprotocol'],
    [
      'ws:// from a page that came over https://',
      () => ({ url: 'ws://broker.example/mqtt', page: APP }),
      'mixed-content',
    ],
  ])('%s', async (_situation, more, cause) => expect(await first(set(more()))).toBe(cause));
});

describe('nginx with TLS in front of NATS', () => {
  let broker: RunningBroker;
  let front: RunningFront;
  beforeAll(async () => {
    broker = await startNats({ ...policy, origins: [] });
    front = await startNginx(policy, 'nats', Number(new URL(broker.ws).port));
  }, 60_000);
  afterAll(async () => {
    await front.stop();
    await broker.stop();
  });

  const set = (more: Partial<Case> = {}): Case => ({
    url: front.ws,
    credential: broker.credential('viewer'),
    ca: front.certificate,
    ...more,
    profile: { kind: 'nats', ...more.profile },
  });

  test('nothing is wrong', async () => expect(await first(set())).toBe('nothing-wrong'));

  test('a certificate that nobody trusts: the address to open is given, and no password is blamed', async () => {
    const { causes } = await diagnosed(
      set({ ca: undefined, credential: wrong(broker.credential('viewer')) }),
    );
    expect(causes[0]).toMatchObject({ name: 'certificate', open: `${front.origin}/` });
    expect(causes.map(({ name }) => name)).not.toContain('credential');
  });

  test('the origin is not allowed', async () =>
    expect(await first(set({ page: 'https://elsewhere.example' }))).toBe('origin'));

  test('a wrong path', async () => expect(await first(set({ url: at(front.ws, '/ws') }))).toBe('path'));

  test('a wrong password, through TLS', async () =>
    expect(await first(set({ credential: wrong(broker.credential('viewer')) }))).toBe('credential'));

  test('ws:// to a port with TLS', async () => {
    const url = front.ws.replace('wss:', 'ws:');
    expect(await first(set({ url, page: NEAR }))).toBe('scheme');
  });
});

describe('nobody is there', () => {
  const viewer = { username: 'viewer', password: 'secret' };

  test('a closed port in the plant', async () => {
    const [port] = await freePorts(1);
    const url = `ws://127.0.0.1:${port}/mqtt`;
    expect(await first({ url, credential: viewer, page: NEAR })).toBe('port-closed');
  });

  test('a broker over TLS that ran yesterday', async () => {
    const [port] = await freePorts(1);
    const url = `wss://127.0.0.1:${port}/mqtt`;
    expect(await first({ url, credential: viewer, workedBefore: true })).toBe('port-closed');
  });

  test('a host that takes every packet and says nothing', async () => {
    const server = createServer();
    const hole = await FaultProxy.start(await listen(server, '127.0.0.1', 0, '--port'));
    hole.dig();
    expect(await first({ url: hole.url, credential: viewer, page: NEAR })).toBe('nothing-answers');
    expect(hole.counts.swallowed).toBeGreaterThan(0);
    await hole.stop();
    server.close();
  });
});
