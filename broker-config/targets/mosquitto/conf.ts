import type { PolicyLimits } from '../../../src/model/policy.ts';
import type { TargetOptions } from '../../target.ts';

/** The options with every default filled in. */
export type MosquittoOptions = Required<Omit<TargetOptions, 'ownPort'>>;

/** What is not said is where Debian's package looks and writes, and nowhere but on this machine. */
export function withDefaults(options: TargetOptions): MosquittoOptions {
  return {
    directory: options.directory ?? '/etc/mosquitto',
    data: options.data ?? '/var/lib/mosquitto',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 1883,
    wsPort: options.wsPort ?? 9001,
  };
}

/** Where Mosquitto finds who may do what. */
export type Security = 'acl_file' | 'dynsec';

const PLUGIN = '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so';

/** mosquitto.conf for Mosquitto 2.0 and 2.1: a TCP listener for devices, a WebSocket listener for the page. */
export function conf(
  limits: PolicyLimits,
  { directory, data, host, port, wsPort }: MosquittoOptions,
  security: Security = 'acl_file',
): string {
  const domain = host.includes(':') ? 'ipv6' : 'ipv4';
  return `# Generated from roles.yaml by "npm run broker-config". A whole mosquitto.conf, for Mosquitto 2.0 and 2.1.
# Options of the whole broker stand before the first "listener", options of a listener after it: one that stands before
# would open port 1883 on every interface.

${security === 'acl_file' ? files(directory) : plugin(data)}
# Retained state and the queues of sleeping devices survive a restart; a power cut costs at most a minute of them.
persistence true
persistence_location ${data}
autosave_interval 60
# A session that nobody came back to is dropped, so that sleeping browsers do not fill the broker. Whole hours, at least one.
persistent_client_expiration 1h

# The default of 1000 cuts a retained snapshot silently: of 5000 devices a page would see 999.
max_queued_messages ${limits.queuedMessages}
# ... and this is what one subscriber may make the broker hold.
max_queued_bytes ${limits.queuedBytes}
max_inflight_messages 100

# Mosquitto 2.0 enforces this on the TCP listener alone.
max_packet_size ${limits.messageBytes}

# Without it a small message waits up to 40 ms for the one before it.
set_tcp_nodelay true

${security === 'acl_file' ? NAMED : BOUND}
listener ${port} ${host}
socket_domain ${domain}
# Not enforced on the WebSocket listener: the web server in front bounds that one.
max_connections ${limits.connections}${security === 'acl_file' ? '\nuse_username_as_clientid true' : ''}

# For the page, through the web server in front: unencrypted, so on this machine alone. Mosquitto 2.0 ignores the address of a
# WebSocket listener unless socket_domain stands here as well.
# No use_username_as_clientid: one person has several tabs and devices.
listener ${wsPort} 127.0.0.1
socket_domain ipv4
protocol websockets
# Encrypted without anything in front of it (wss://):
#certfile ${directory}/server.crt
#keyfile ${directory}/server.key
`;
}

const files = (directory: string) => `# Who: one password each. What: deny by default.
allow_anonymous false
password_file ${directory}/passwd
acl_file ${directory}/acl`;

const plugin = (
  data: string,
) => `# Who and what: dynamic security, changed while it runs. The plugin writes the file itself, in a folder of its own.
allow_anonymous false
plugin ${PLUGIN}
plugin_opt_config_file ${data}/dynamic-security.json`;

const NAMED = `# For devices, and for tools such as mosquitto_pub. The client id is the username, whatever the client asks for: no
# sign-in can take another device's place here. Two connections of one username end each other.`;

const BOUND = `# For devices, and for tools such as mosquitto_pub. A device signs in with its own client id alone.`;
