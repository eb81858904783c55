import type { TargetOptions } from '../../target.ts';

/** The options with every default filled in. */
export type MosquittoOptions = Required<TargetOptions>;

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

/** mosquitto.conf for Mosquitto 2.0 and 2.1: a TCP listener for devices, a WebSocket listener for the page. */
export function conf({ directory, data, host, port, wsPort }: MosquittoOptions): string {
  const domain = host.includes(':') ? 'ipv6' : 'ipv4';
  return `# Generated from roles.yaml by "npm run broker-config". A whole mosquitto.conf, for Mosquitto 2.0 and 2.1.
# Options of the whole broker stand before the first "listener", options of a listener after it: one that stands before
# would open port 1883 on every interface.

# Who: one password each. What: deny by default.
allow_anonymous false
password_file ${directory}/passwd
acl_file ${directory}/acl

# Retained state and the queues of sleeping devices survive a restart; a power cut costs at most a minute of them.
persistence true
persistence_location ${data}
autosave_interval 60
# A session that nobody came back to is dropped. The page asks for at most an hour; this bounds everybody else.
persistent_client_expiration 1d

# The default of 1000 cuts a retained snapshot silently: of 5000 devices a page would see 999.
max_queued_messages 100000
# ... and this is what one subscriber may make the broker hold: 64 MB.
max_queued_bytes 67108864
max_inflight_messages 100

# Nothing here needs more than 64 KB of payload. Mosquitto 2.0 does not enforce this on a WebSocket listener.
max_packet_size 131072

# Without it a small message waits up to 40 ms for the one before it.
set_tcp_nodelay true

# For devices, and for tools such as mosquitto_pub. The client id is the username, whatever the client asks for: no
# sign-in can take another device's place here. Two connections of one username end each other.
listener ${port} ${host}
socket_domain ${domain}
use_username_as_clientid true

# For the page. Mosquitto 2.0 ignores the address of a WebSocket listener unless socket_domain stands here as well.
# No use_username_as_clientid: one person has several tabs and devices.
listener ${wsPort} ${host}
socket_domain ${domain}
protocol websockets
# Encrypted without anything in front of it (wss://):
#certfile ${directory}/server.crt
#keyfile ${directory}/server.key
`;
}
