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

/** A node of a cluster: its number from 1, and where the three of them reach each other. */
export interface ClusterNode {
  readonly number: number;
  readonly routes: readonly string[];
  /** Where this node listens for the others. */
  readonly listen: string;
}

/** nats-server.conf, for NATS 2.9 and later: an MQTT listener for devices, a WebSocket listener for the page. */
export function conf(policy: Policy, options: NatsOptions, node?: ClusterNode): string {
  const { data, host, port, wsPort, ownPort } = options;
  const { limits, origins } = policy;
  const at = host.includes(':') ? `[${host}]` : host;
  // Origins are compared as they stand; without a list every page in the world may try its luck.
  const origin =
    origins.length > 0
      ? `allowed_origins: [${origins.map((one) => JSON.stringify(one)).join(', ')}]`
      : '# No origins in roles.yaml: every page may open a connection, and needs a password to do anything.';
  return `# Generated from roles.yaml by "npm run broker-config". A whole nats-server.conf, for NATS 2.9 and later.
server_name: telltale-${node?.number ?? 1}
# NATS's own protocol: for the nats tool on this machine.
listen: "127.0.0.1:${ownPort}"
# For "nats-server --signal reload=…".
pid_file: "${data}/nats-server.pid"

# Retained messages and sessions are kept here; without JetStream there is no MQTT.
jetstream { store_dir: "${data}" }

max_connections: ${limits.connections}
# Not enforced on MQTT before 2.10; there the web server in front and the devices have to.
max_payload: ${Math.min(limits.messageBytes, 8_388_608)}
max_pending: ${limits.queuedBytes}

# For devices: MQTT 3.1.1 alone, QoS 0 and 1.
mqtt {
  listen: "${at}:${port}"
  # What may be unacknowledged for one subscription. All subscriptions of a client together may have 65535: NATS refuses
  # the next one with 0x80, without a word of why, so a higher number here is fewer subscriptions.
  max_ack_pending: 256
}

# For the page, at the path /mqtt and no other. TLS is the business of the web server in front, or of a tls block here.
websocket {
  listen: "127.0.0.1:${wsPort}"
  no_tls: true
  ${origin}
}
${cluster(node)}
authorization {
  include "users.conf"
}
`;
}

function cluster(node: ClusterNode | undefined): string {
  if (!node) return '';
  return `
# Three nodes or one: with two, the loss of either stops both. The streams of MQTT are kept three times by themselves.
cluster {
  name: telltale
  listen: "${node.listen}"
  routes: [${node.routes.map((route) => JSON.stringify(route)).join(', ')}]
}
`;
}
