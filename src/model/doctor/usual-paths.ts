import type { BrokerKind } from '../broker.ts';

/**
 * Where brokers answer; `/` for those that answer anywhere. Measured: NATS answers MQTT at /mqtt only, RabbitMQ at /ws only,
 * Mosquitto everywhere (research/brokers.md, section 1, "WS path"). The others as their manuals have it.
 */
export const USUAL_PATHS: { readonly [Kind in BrokerKind]: readonly string[] } = {
  aedes: ['/mqtt', '/'],
  mosquitto: ['/mqtt', '/'],
  nats: ['/mqtt'],
  rabbitmq: ['/ws'],
  emqx: ['/mqtt'],
  hivemq: ['/mqtt'],
  aws: ['/mqtt'],
  other: ['/mqtt', '/ws', '/'],
};

/** What is tried in place of a path at which nothing opens. */
export function otherPaths(path: string): readonly string[] {
  return ['/mqtt', '/ws', '/'].filter((usual) => usual !== path);
}
