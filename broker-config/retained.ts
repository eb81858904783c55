import type { MqttClient } from 'mqtt';
import { Silence } from './silence.ts';

/** AWS IoT Core takes no more in one SUBSCRIBE. */
const FILTERS_PER_SUBSCRIBE = 8;

/** What a client found on the topics that it asked for. */
export interface Retained {
  /** The topics with a retained message, sorted. */
  readonly found: readonly string[];
  /** The topics that it may not read. */
  readonly unreadable: readonly string[];
}

/**
 * Looks for something retained on each of these topics: one by one and not by a wildcard, for which RabbitMQ sends nothing.
 * Rejects when the broker ends the connection.
 */
export async function findRetained(client: MqttClient, topics: readonly string[]): Promise<Retained> {
  const found = new Set<string>();
  const silence = new Silence();
  const take = (topic: string, payload: Uint8Array, { retain }: { retain: boolean }) => {
    silence.broken();
    if (retain && payload.length > 0) found.add(topic);
  };
  client.on('message', take);
  try {
    const unreadable: string[] = [];
    for (let i = 0; i < topics.length; i += FILTERS_PER_SUBSCRIBE) {
      const asked = topics.slice(i, i + FILTERS_PER_SUBSCRIBE);
      unreadable.push(...(await refusedOf(client, asked)));
    }
    await silence.falls();
    return { found: [...found].sort(), unreadable };
  } finally {
    client.off('message', take);
  }
}

/** Those of the filters that the broker refused. mqtt.js makes one error of a SUBACK with any refusal in it. */
function refusedOf(client: MqttClient, filters: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    client.subscribe([...filters], { qos: 1 }, (error, _granted, packet) => {
      const codes = packet?.granted;
      if (Array.isArray(codes)) resolve(filters.filter((_, i) => Number(codes[i]) >= 0x80));
      else reject(error ?? new Error('the SUBSCRIBE was not answered'));
    });
  });
}
