import type { BrokerKind } from './broker.ts';

/**
 * Whether a PUBACK below 0x80 means that the broker took the message. MQTT 5 has a code for a denied publish; under
 * 3.1.1 Mosquitto and NATS acknowledge what they drop, while aedes and RabbitMQ close the socket instead.
 */
export function pubackProves(protocol: 4 | 5, kind: BrokerKind | undefined): boolean {
  return protocol === 5 || kind === 'aedes' || kind === 'rabbitmq';
}
