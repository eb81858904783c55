import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { loadPolicy } from '../../../broker-config/load-policy.ts';
import { loadTargets } from '../../../broker-config/load-targets.ts';
import { parsePolicy } from '../../../broker-config/parse-policy.ts';
import type { Policy } from '../../../src/model/policy.ts';

// What brokers do that nobody expects, and what holds each of it: a setting that is generated, a text that is never generated, a
// refusal of the roles file, or a test against the real broker.

type Proof =
  | { readonly writes: RegExp; readonly into: string }
  | { readonly neverWrites: RegExp; readonly under: string }
  | { readonly refuses: string; readonly because: string }
  | { readonly tried: string; readonly by: string };

const TRAPS: readonly (readonly [trap: string, ...proofs: Proof[]])[] = [
  [
    'Mosquitto cuts a retained snapshot at 1,000 messages without a word',
    { writes: /^max_queued_messages 60000$/m, into: 'mosquitto/mosquitto.conf' },
    { writes: /^max_queued_messages 60000$/m, into: 'mosquitto-dynsec/mosquitto.conf' },
    { tried: 'the retained status of ${DEVICES} devices is complete', by: 'brokers/behaviour' },
    { tried: 'max_queued_messages', by: 'brokers/audit-limits' },
  ],
  [
    'Mosquitto 2.0 sends 4 KB each tenth of a second on WebSocket',
    { writes: /^set_tcp_nodelay true$/m, into: 'mosquitto/mosquitto.conf' },
    { writes: /4 KB/, into: 'mosquitto/README.md' },
    { tried: '64 KB are at a person whole within', by: 'brokers/behaviour' },
    { tried: 'the known limits for large messages are named', by: 'brokers/audit-limits' },
  ],
  [
    'Mosquitto ignores the address of a WebSocket listener, does not start with that alone, and opens 1883 for an option before it',
    {
      writes: /^listener 9001 127\.0\.0\.1\nsocket_domain ipv4\nprotocol websockets$/m,
      into: 'mosquitto/mosquitto.conf',
    },
    {
      writes: /^listener 1883 [^]*^use_username_as_clientid true[^]*^listener 9001 /m,
      into: 'mosquitto/mosquitto.conf',
    },
    { tried: 'neither listener answers on another address', by: 'brokers/mosquitto-limits' },
  ],
  [
    'Whoever signs in under the client id of another takes its place and its queue',
    { writes: /"clientid": "press-1"/, into: 'mosquitto-dynsec/dynamic-security.json' },
    { writes: /mqtt-subscription-press-1qos\[01\]/, into: 'rabbitmq/definitions.json' },
    { writes: /Client ids are free/, into: 'nats/README.md' },
    {
      tried: "asks for a device's client id: it gets nothing that was meant for the device",
      by: 'brokers/behaviour',
    },
  ],
  [
    'An acknowledgement proves nothing on Mosquitto and NATS over MQTT 3.1.1, a granted SUBSCRIBE nothing on acl_file',
    { tried: 'what is denied: the word for it, and the witness sees nothing', by: 'brokers/claims-table' },
  ],
  [
    'A deny beside an allow leaks on NATS',
    { refuses: "    deny: ['yard/#']", because: 'deny' },
    // Everything, for whoever publishes nothing: NATS takes an empty list for no limit.
    { neverWrites: /deny(?!: \[">"\])/, under: 'nats/users.conf' },
  ],
  [
    'a/# is two subjects on NATS, and nothing comes at QoS 1 without $MQTT.sub',
    { writes: /"plant\.hall-2", "plant\.hall-2\.>"[^\]]*"\$MQTT\.sub\.>"\]/, into: 'nats/users.conf' },
  ],
  [
    'A wildcard before all takes in the own topics of NATS, by which everything kept is deleted',
    { refuses: "    publish: ['+/API/+/+/+']", because: 'begins with a wildcard' },
    { refuses: "    subscribe: ['+/+/+/+/telemetry']", because: 'begins with a wildcard' },
  ],
  [
    "A pattern of Mosquitto's acl_file holds for everybody",
    { neverWrites: /^\s*pattern\b/m, under: 'mosquitto/acl' },
  ],
  [
    'A publish that is denied by closing is sent again at every connection, for ever',
    {
      tried: 'a publish that the broker denies by closing is refused, once, and the link comes back',
      by: 'brokers/engine',
    },
    {
      tried: 'a broker that closes over one filter of many: it is found in two links',
      by: 'unit/engine/link/subscriptions',
    },
  ],
  [
    'RabbitMQ says why in the close of the WebSocket alone',
    {
      tried: 'that closes quotes at most 120 characters of what the broker said',
      by: 'unit/engine/connection/refusal',
    },
    { tried: 'a wrong password', by: 'brokers/doctor' },
  ],
  [
    'A publish at QoS 0 is denied without a word over MQTT 5 too',
    { tried: 'goes to the device at QoS 1, never retained', by: 'unit/conventions/devices-commands' },
  ],
  [
    'A shared subscription is a plain topic on aedes, and delivers nothing on NATS and RabbitMQ',
    { refuses: "    subscribe: ['$share/all/yard/#']", because: 'belong to the broker itself' },
    { tried: "['$share/all/devices/+/telemetry', []]", by: 'brokers/demo-policy' },
  ],
  [
    'RabbitMQ without a majority of its cluster lets nobody in',
    { writes: /A cluster that lost its majority lets nobody in/, into: 'rabbitmq/README.md' },
  ],
  [
    'NATS refuses a SUBSCRIBE for a while after a server of the cluster has ended',
    { tried: 'its subscriptions come back, and every reading is accounted for', by: 'brokers/nats-failover' },
  ],
];

const FOREIGN = readFileSync('test/fixtures/foreign-roles.yaml', 'utf8');
const written = new Map<string, string>();
beforeAll(async () => {
  const policy: Policy = await loadPolicy({ file: 'test/fixtures/foreign-roles.yaml' });
  for (const target of await loadTargets())
    for (const { path, text } of target.compile(policy, {})) written.set(`${target.name}/${path}`, text);
});

const proofs = TRAPS.flatMap(([trap, ...all]) => all.map((proof) => [trap, proof] as const));

test.each(proofs)('%s: %o', (_trap, proof) => {
  if ('writes' in proof) expect(written.get(proof.into)).toMatch(proof.writes);
  else if ('neverWrites' in proof) {
    expect(written.get(proof.under)).toBeDefined();
    expect(written.get(proof.under)).not.toMatch(proof.neverWrites);
  } else if ('refuses' in proof) {
    const parsed = parsePolicy(FOREIGN.replace('  planner:\n', `  planner:\n${proof.refuses}\n  second:\n`));
    const reasons = parsed.ok ? [] : parsed.refusals.map(({ reason }) => reason);
    expect(reasons).toContainEqual(expect.stringContaining(proof.because));
  } else expect(readFileSync(`test/${proof.by}.test.ts`, 'utf8')).toContain(proof.tried);
});
