import type { Policy } from '../../../src/model/policy.ts';
import type { TargetOptions } from '../../target.ts';

/** The options with every default filled in. */
export type RabbitOptions = Required<Omit<TargetOptions, 'data' | 'ownPort'>>;

/** What is not said is where Debian's package looks, and nowhere but on this machine. */
export function withDefaults(options: TargetOptions): RabbitOptions {
  return {
    directory: options.directory ?? '/etc/rabbitmq',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 1883,
    wsPort: options.wsPort ?? 15675,
  };
}

/** rabbitmq.conf, for RabbitMQ 3.10 to 3.13 with rabbitmq_mqtt and rabbitmq_web_mqtt. */
export function conf({ limits }: Policy, { directory, host, port, wsPort }: RabbitOptions): string {
  return `# Generated from roles.yaml by "npm run broker-config". For RabbitMQ 3.10 to 3.13.

# Users, permissions and topic permissions; read at each start, and by "rabbitmqctl import_definitions".
load_definitions = ${directory}/definitions.json
# The user "guest" may do everything, from this machine. The definitions above have none, so it is not made.
loopback_users.guest = true

# For devices.
mqtt.allow_anonymous = false
mqtt.vhost = /
mqtt.exchange = amq.topic
mqtt.listeners.tcp.1 = ${host.includes(':') ? `[${host}]` : host}:${port}
# Sessions of clients that are away, in milliseconds.
mqtt.subscription_ttl = ${limits.sessionExpiry * 1000 || 1000}
mqtt.retained_message_store = rabbit_mqtt_retained_msg_store_dets

# For the page, at the path /ws and no other.
web_mqtt.tcp.ip = 127.0.0.1
web_mqtt.tcp.port = ${wsPort}

max_message_size = ${Math.min(limits.messageBytes, 134_217_728)}
channel_max = 2047
`;
}
