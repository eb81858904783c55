import type { Policy } from '../../../src/model/policy.ts';
import type { TargetOptions } from '../../target.ts';

/** The options with every default filled in. */
export type NatsOptions = Required<TargetOptions>;

/** What is not said is where Debian's package looks and writes, and nowhere but on this machine. */
export function withDefaults(options: TargetOptions): NatsOptions {
  return {
    directory: options.directory ?? '/etc/nats',
    data: options.data ?? '/var/lib/nats',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 1883,
    wsPort: options.wsPort ?? 9222,
    ownPort: options.ownPort ?? 4222,
  };
}

/**
 * A server of a cluster. A `store` has JetStream and nobody's connections; a `gateway` has the connections and nothing on disk,
 * so that the end of one ends no leader of a stream: after that NATS 2.9 takes some eight seconds to elect another.
 */
export interface ClusterNode {
  readonly kind: 'store' | 'gateway';
  /** From 1, among its kind. */
  readonly number: number;
  /** Where this server listens for the others. */
  readonly listen: string;
}

/** nats-server.conf, for NATS 2.9 and later: one server that does everything, or one of a cluster. */
export function conf(policy: Policy, options: NatsOptions, node?: ClusterNode): string {
  const { data, ownPort } = options;
  const { limits } = policy;
  const name = node?.kind === 'gateway' ? `gateway-${node.number}` : `${node?.number ?? 1}`;
  return `# Generated from roles.yaml by "npm run broker-config". A whole nats-server.conf, for NATS 2.9 and later.
server_name: telltale-${name}
${own(ownPort, node)}
# For "nats-server --signal reload=…".
pid_file: "${pidFile(data, node)}"
${node?.kind === 'gateway' ? '' : jetstream(data)}
max_connections: ${limits.connections}
# Not enforced on MQTT before 2.10; there the web server in front and the devices have to.
max_payload: ${Math.min(limits.messageBytes, 8_388_608)}
max_pending: ${limits.queuedBytes}
${node?.kind === 'store' ? '' : listeners(policy, options, node)}${node ? cluster(node) : ''}
authorization {
  include "users.conf"
}
`;
}

/** Where a server writes its process id. */
export function pidFile(data: string, node?: Pick<ClusterNode, 'kind'>): string {
  return node?.kind === 'gateway' ? `${data}/nats-gateway.pid` : `${data}/nats-server.pid`;
}

const own = (port: number, node?: ClusterNode) =>
  node?.kind === 'gateway'
    ? `# Nobody speaks NATS's own protocol here: any free port, on this machine alone.
listen: "127.0.0.1:-1"`
    : `# NATS's own protocol: for the nats tool on this machine.
listen: "127.0.0.1:${port}"`;

const jetstream = (data: string) => `
# Retained messages and sessions are kept here; without JetStream there is no MQTT.
jetstream { store_dir: "${data}" }
`;

function listeners({ origins }: Policy, { host, port, wsPort }: NatsOptions, node?: ClusterNode): string {
  const at = host.includes(':') ? `[${host}]` : host;
  // Origins are compared as they stand; without a list every page in the world may try its luck.
  const origin =
    origins.length > 0
      ? `allowed_origins: [${origins.map((one) => JSON.stringify(one)).join(', ')}]`
      : '# No origins in roles.yaml: every page may open a connection, and needs a password to do anything.';
  return `
# For devices: MQTT 3.1.1 alone, QoS 0 and 1.
mqtt {
  listen: "${at}:${port}"
  # What may be unacknowledged for one subscription. All subscriptions of a client together may have 65535: NATS refuses
  # the next one with 0x80, without a word of why, so a higher number here is fewer subscriptions.
  max_ack_pending: 256${node ? REPLICAS : ''}
}

# For the page, at the path /mqtt and no other. TLS is the business of the web server in front, or of a tls block here.
websocket {
  listen: "127.0.0.1:${wsPort}"
  no_tls: true
  ${origin}
}
`;
}

const REPLICAS = `
  # A gateway does not count the stores: without this what is retained and who has a session is on one store alone.
  stream_replicas: 3`;

const cluster = ({ kind, listen }: ClusterNode) => `
# ${
  kind === 'store'
    ? 'Three stores: with two, the loss of either stops both.'
    : 'As many gateways as there shall be; the stores hear of a new one from itself.'
}
cluster {
  name: telltale
  listen: "${listen}"
  # Where the stores are, and the password without which no server is let in.
  include "routes.conf"
}
`;
