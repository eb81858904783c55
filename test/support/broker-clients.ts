import { connect } from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { Credential } from '../../src/model/broker.ts';

/** A message as a test compares it. */
export interface Seen {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface ConnectOptions {
  readonly version?: 4 | 5;
  readonly clientId?: string;
  readonly will?: IClientOptions['will'];
  /** A session that outlives the connection. */
  readonly session?: boolean;
}

/** A stock client that never reconnects by itself and keeps everything that it receives, in order. */
export interface TestClient {
  readonly mqtt: MqttClient;
  readonly seen: Seen[];
  readonly sessionPresent: boolean;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  /** Publishes at QoS 1; resolves when the broker has dealt with it, whatever it thinks of it. */
  publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void>;
  subscribe(...filters: string[]): Promise<void>;
  /** Resolves with the first message that fits, already received or yet to come. */
  received(fits: (message: Seen) => boolean): Promise<Seen>;
  end(): Promise<void>;
}

/** @throws the error of mqtt.js when the broker refuses or cannot be reached. */
export async function connectClient(
  url: string,
  credential: Partial<Credential>,
  { version = 5, clientId, session = false, will }: ConnectOptions = {},
): Promise<TestClient> {
  const options: IClientOptions = {
    ...credential,
    protocolVersion: version,
    reconnectPeriod: 0,
    clean: !session,
  };
  if (clientId !== undefined) options.clientId = clientId;
  if (will) options.will = will;
  if (session && version === 5) options.properties = { sessionExpiryInterval: 600 };
  const mqtt = connect(url, options);
  const seen: Seen[] = [];
  const waiting = new Set<() => void>();
  // Before CONNACK: a resumed session is delivered at once.
  mqtt.on('message', (topic, payload, { retain }) => {
    seen.push({ topic, payload: payload.toString(), retain });
    for (const look of waiting) look();
  });
  const closed = new Promise<void>((resolve) => mqtt.once('close', resolve));
  const sessionPresent = await new Promise<boolean>((resolve, reject) => {
    mqtt.once('connect', (packet) => resolve(packet.sessionPresent));
    mqtt.once('error', (error) => {
      mqtt.end(true);
      reject(error);
    });
    mqtt.once('close', () => reject(new Error('The connection was closed.')));
  });
  // An error after this is a closed connection, which `closed` tells.
  mqtt.on('error', () => undefined);
  return {
    mqtt,
    seen,
    sessionPresent,
    closed,
    publish: (topic, payload, { retain = false } = {}) =>
      mqtt.publishAsync(topic, payload, { qos: 1, retain }).then(
        () => undefined,
        () => undefined,
      ),
    subscribe: async (...filters) => {
      await mqtt.subscribeAsync(filters, { qos: 1 });
    },
    received: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = seen.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    end: () => mqtt.endAsync(true),
  };
}
