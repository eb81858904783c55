import type { BrokerKind } from '../../model/broker.ts';

const CLIENT =
  'let a client that always runs subscribe to devices/+/status and devices/+/telemetry (Node-RED, Telegraf, a script with mosquitto_sub) and send the message that you want.';

const PLACES: Partial<Record<BrokerKind, string>> = {
  mosquitto: `Mosquitto has no alarms of its own: ${CLIENT}`,
  nats: 'NATS has no alarms of its own: let a service that always runs subscribe to devices.*.status and devices.*.telemetry, or read them from a stream, and send the message that you want.',
  rabbitmq:
    'in RabbitMQ, bind a queue to amq.topic with devices.*.status and devices.*.telemetry and let a consumer that always runs send the message that you want.',
  emqx: 'in EMQX, make a rule over devices/+/telemetry in its rule engine, with a data integration as its action (HTTP, e-mail through a gateway, another broker).',
  hivemq: 'in HiveMQ, use an extension that always runs, or bridge to a system that has alarms.',
  aws: 'in AWS IoT Core, make a rule over devices/+/telemetry with SNS as its action; a device that goes offline is told under $aws/events/presence.',
};

/** Where alarms are set that work with no console open, after a colon. */
export function brokerAlarmWords(kind: BrokerKind | undefined): string {
  return (kind && PLACES[kind]) ?? CLIENT;
}
