import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../../src/model/doctor/diagnose.ts';
import type { CauseName, ConnectFinding, Findings } from '../../../../src/model/doctor/findings.ts';

const BASE: Findings = {
  endpoint: 'wss://broker.example/mqtt',
  page: 'https://app.example',
  root: 'devices',
  username: 'ada',
  online: true,
  workedBefore: false,
};
/** Nothing opens anywhere on the host. */
const NOWHERE = { handshake: 'fails', otherPaths: [], otherSubprotocols: [], otherScheme: false } as const;
const OPEN = { reach: 'answers', handshake: 'answers' } as const;
const PLAIN = { endpoint: 'ws://10.0.0.7:9001/mqtt', page: 'http://10.0.0.2' } as const;

const refused = (connack: number, protocol: 4 | 5 = 4): ConnectFinding => ({
  protocol,
  outcome: 'refused',
  connack,
});
const closed = (code: number, reason = '', protocol: 4 | 5 = 4): ConnectFinding => ({
  protocol,
  outcome: 'closed',
  close: { code, reason },
});
const connected = (protocol: 4 | 5 = 5): ConnectFinding => ({ protocol, outcome: 'connected' });

const SET_UPS: readonly (readonly [situation: string, found: Partial<Findings>, first: CauseName])[] = [
  ['an address that is none', { endpoint: 'wss://' }, 'bad-address'],
  ['a port that browsers keep for others', { handshake: 'blocked' }, 'bad-address'],
  ['ws:// from a page over https', { endpoint: 'ws://broker.example:9001/mqtt' }, 'mixed-content'],
  [
    'ws:// to this machine from a page over https, and the port is closed',
    { endpoint: 'ws://127.0.0.1:9001/mqtt', reach: 'fails', ...NOWHERE },
    'port-closed',
  ],
  ['no network', { online: false, reach: 'fails', ...NOWHERE }, 'offline'],
  ['a closed port in the local network', { ...PLAIN, reach: 'fails', ...NOWHERE }, 'port-closed'],
  ['a host that swallows every packet', { reach: 'silent', handshake: 'silent' }, 'nothing-answers'],
  [
    'a firewall that resets sockets and swallows the rest',
    { reach: 'silent', handshake: 'fails' },
    'nothing-answers',
  ],
  ['a self-signed certificate', { reach: 'fails', ...NOWHERE }, 'certificate'],
  [
    'a broker that ran yesterday and is down',
    { workedBefore: true, reach: 'fails', ...NOWHERE },
    'port-closed',
  ],
  [
    'the browser asks for the local network, and nobody has allowed it',
    { endpoint: 'wss://192.168.1.5/mqtt', localNetwork: 'prompt', reach: 'fails', ...NOWHERE },
    'local-network',
  ],
  [
    'the local network was denied to this site',
    { endpoint: 'wss://broker.local/mqtt', localNetwork: 'denied', reach: 'fails', ...NOWHERE },
    'local-network',
  ],
  [
    'a page of the local network needs no permission for it',
    { ...PLAIN, localNetwork: 'prompt', reach: 'fails', ...NOWHERE },
    'port-closed',
  ],
  ['ws:// to a listener with TLS', { ...PLAIN, reach: 'fails', ...NOWHERE, otherScheme: true }, 'scheme'],
  [
    'wss:// to a listener without TLS',
    {
      endpoint: 'wss://10.0.0.7:9001/mqtt',
      page: 'http://10.0.0.2',
      reach: 'fails',
      ...NOWHERE,
      otherScheme: true,
    },
    'scheme',
  ],
  [
    'the path of NATS is not /ws',
    {
      endpoint: 'wss://broker.example/ws',
      kind: 'nats',
      reach: 'answers',
      ...NOWHERE,
      otherPaths: ['/mqtt'],
    },
    'path',
  ],
  [
    'the path of RabbitMQ is not /mqtt',
    { kind: 'rabbitmq', reach: 'answers', ...NOWHERE, otherPaths: ['/ws'] },
    'path',
  ],
  [
    'a path that only the administrator knows, and it is mistyped',
    { endpoint: 'wss://broker.example/plant7/mqqt', reach: 'answers', ...NOWHERE },
    'path',
  ],
  [
    'the server of the page says 404',
    { page: 'https://broker.example', status: 404, reach: 'answers', ...NOWHERE },
    'path',
  ],
  [
    'a subprotocol that the server does not know',
    { subprotocol: 'mqtt.v9', reach: 'answers', ...NOWHERE, otherSubprotocols: ['mqtt'] },
    'subprotocol',
  ],
  ['the origin is not allowed', { kind: 'nats', reach: 'answers', ...NOWHERE }, 'origin'],
  [
    'nginx of the page runs and the broker behind it does not',
    { page: 'https://broker.example', status: 502, reach: 'answers', ...NOWHERE },
    'gateway',
  ],
  [
    'the path is served as a page, by the server of the page',
    { page: 'https://broker.example', status: 200, reach: 'answers', ...NOWHERE },
    'not-websocket',
  ],
  ['a proxy that does not pass the upgrade on', { reach: 'answers', handshake: 'silent' }, 'proxy'],
  ['another service on the port', { ...OPEN, connects: [{ protocol: 5, outcome: 'silent' }] }, 'not-mqtt'],
  ['wrong password, aedes', { ...OPEN, connects: [refused(1, 5), refused(4)] }, 'credential'],
  ['wrong password, Mosquitto over 5', { ...OPEN, connects: [refused(0x87, 5)] }, 'credential'],
  ['wrong password, Mosquitto over 3.1.1', { ...OPEN, protocol: 4, connects: [refused(5)] }, 'credential'],
  [
    'wrong password, NATS',
    { ...OPEN, connects: [closed(1002, '', 5), closed(1008, 'Authentication Failure')] },
    'credential',
  ],
  [
    'wrong password, RabbitMQ',
    { ...OPEN, connects: [closed(1011, '', 5), closed(1002, 'unauthenticated')] },
    'credential',
  ],
  [
    'too many connections, NATS',
    { ...OPEN, connects: [closed(1008, 'maximum connections exceeded')] },
    'server-busy',
  ],
  ['the broker is full', { ...OPEN, connects: [refused(0x97, 5)] }, 'server-busy'],
  ['a sign-in that is bound to a client id', { ...OPEN, connects: [refused(0x85, 5)] }, 'client-id'],
  ['a client that is banned', { ...OPEN, connects: [refused(0x8a, 5)] }, 'not-allowed'],
  [
    'a version that the profile fixes and the broker has not',
    { ...OPEN, protocol: 5, connects: [refused(1, 5)] },
    'protocol',
  ],
  [
    'a broker that closes on the sign-in without a word',
    { ...OPEN, connects: [closed(1006)] },
    'closed-on-connect',
  ],
  ['no right to read', { ...OPEN, connects: [connected()], subscribe: 'refused' }, 'acl'],
  ['no right to read, RabbitMQ', { ...OPEN, connects: [connected(4)], subscribe: 'closed' }, 'acl'],
  [
    'a cluster without its majority',
    { ...OPEN, connects: [connected(4)], subscribe: 'silent' },
    'server-busy',
  ],
  [
    'another client uses our id',
    { ...OPEN, takenOver: true, connects: [connected()], subscribe: 'granted' },
    'client-id-taken',
  ],
  ['nobody typed a password', OPEN, 'not-signed-in'],
  ['it works', { ...OPEN, connects: [connected()], subscribe: 'granted' }, 'nothing-wrong'],
];

describe.each(SET_UPS)('%s', (_situation, found, first) => {
  const diagnosis = diagnose({ ...BASE, ...found });

  test(`is first diagnosed as ${first}`, () => expect(diagnosis.causes[0]?.name).toBe(first));

  test('is said in whole sentences, each cause once', () => {
    const { causes, stages } = diagnosis;
    expect(new Set(causes.map(({ name }) => name)).size).toBe(causes.length);
    for (const text of [
      ...causes.flatMap(({ title, fix }) => [title, fix]),
      ...stages.map((stage) => stage.text),
    ]) {
      expect(text).toMatch(/^["A-Z0-9a-z].*[.?]$/);
      expect(text).not.toMatch(/undefined|NaN|!|\[object|\.\./);
    }
  });

  test('has a stage for each check, in their order', () => {
    expect(diagnosis.stages.map(({ name }) => name)).toEqual([
      'page',
      'reach',
      'handshake',
      'address',
      'connect',
      'subscribe',
    ]);
  });
});

test('a TLS failure never says "wrong password", whatever else was found', () => {
  for (const reach of ['fails', 'silent', 'answers'] as const) {
    for (const workedBefore of [true, false]) {
      for (const localNetwork of ['denied', 'prompt', 'granted', undefined] as const) {
        const { causes } = diagnose({ ...BASE, reach, workedBefore, localNetwork, ...NOWHERE });
        expect(causes.map(({ name }) => name)).not.toContain('credential');
      }
    }
  }
});

test('a certificate comes with the address to open, and a server that answers over TLS has a good one', () => {
  const [first] = diagnose({ ...BASE, reach: 'fails', ...NOWHERE }).causes;
  expect(first?.open).toBe('https://broker.example/');
  const answered = diagnose({ ...BASE, reach: 'answers', ...NOWHERE }).causes.map(({ name }) => name);
  expect(answered).not.toContain('certificate');
});

test('the fix of a wrong path is the address that opens', () => {
  const [first] = diagnose({
    ...BASE,
    kind: 'rabbitmq',
    reach: 'answers',
    ...NOWHERE,
    otherPaths: ['/', '/ws'],
  }).causes;
  expect(first?.fix).toContain('wss://broker.example/ws');
  expect(first?.fix).toContain('RabbitMQ answers at /ws only');
});

test('what the broker said stands in the diagnosis, in its own terms', () => {
  const [first] = diagnose({ ...BASE, ...OPEN, connects: [closed(1008, 'Authentication Failure')] }).causes;
  expect(first?.title).toBe('The broker did not accept the password of ada.');
  expect(first?.fix).toContain('WebSocket close 1008, policy violation: "Authentication Failure"');
});

test('a grant that proves little is followed by a doubt', () => {
  const found = { ...OPEN, connects: [connected()], subscribe: 'granted' } as const;
  const names = (kind: Findings['kind']) =>
    diagnose({ ...BASE, ...found, kind }).causes.map(({ name }) => name);
  expect(names('mosquitto')).toEqual(['nothing-wrong', 'acl-filtered']);
  expect(names('aedes')).toEqual(['nothing-wrong']);
});
