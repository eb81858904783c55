import type { BrokerKind } from '../../model/broker.ts';

const SEND = 'and send the message that you want.';

/**
 * Where alarms are set that work with no console open, after a colon.
 * @param root under which the devices live
 */
export function brokerAlarmWords(kind: BrokerKind | undefined, root: string): string {
  const client = `let a client that always runs subscribe to ${root}/+/status and ${root}/+/telemetry (Node-RED, Telegraf, a script with mosquitto_sub) ${SEND}`;
  switch (kind) {
    case 'mosquitto':
      return `Mosquitto has no alarms of its own: ${client}`;
    case 'nats':
      return `NATS has no alarms of its own: let a service that always runs subscribe to ${root}.*.status and ${root}.*.telemetry, or read them from a stream, ${SEND}`;
    case 'rabbitmq':
      return `in RabbitMQ, bind a queue to amq.topic with ${root}.*.status and ${root}.*.telemetry, and let a consumer that always runs read it ${SEND}`;
    case 'emqx':
      return `in EMQX, make a rule over ${root}/+/telemetry in its rule engine, with a data integration as its action.`;
    case 'hivemq':
      return `in HiveMQ, use an extension, or: ${client}`;
    case 'aws':
      return `in AWS IoT Core, make a rule over ${root}/+/telemetry with SNS as its action; a device that goes offline is told under $aws/events/presence.`;
    default:
      return client;
  }
}
