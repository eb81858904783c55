import { connect, type MqttClient } from 'mqtt';
import type { Credential } from '../model/broker.ts';
import type { DemoMessage } from '../demo/create-demo-device.ts';

/** Seconds. A device that vanished is noticed after one and a half of them [MQTT-3.1.2-24]. */
const KEEPALIVE = 30;
const CONNECT_TIMEOUT = 15_000;

/** What CONNACK says no with, MQTT 3.1.1 table 3.1. */
const CONNACK = new Map<unknown, string>([
  [1, 'it does not speak MQTT 3.1.1.'],
  [2, 'it does not accept the client id.'],
  [3, 'it is not available right now.'],
  [4, 'user name or password is wrong.'],
  // Mosquitto and aedes say this of a wrong password, too.
  [5, 'user name or password is wrong, or it may not connect.'],
]);

export interface LinkOptions {
  readonly broker: string;
  readonly root: string;
  readonly id: string;
  readonly credential?: Credential;
  readonly takesConfig: boolean;
}

export interface LinkEvents {
  /** Subscribed, and the broker has its status: whoever sends a command now will be heard. */
  up(): void;
  received(leaf: 'cmd' | 'config', payload: Uint8Array): void;
  /** The broker said no: one sentence. */
  refused(reason: string): void;
  /** The broker could not be reached. */
  failed(error: unknown): void;
  /** It is over, whatever it was. Comes once, and last. */
  down(): void;
}

/** One connection of one device, from its CONNECT to its end. */
export interface FleetLink {
  /** Publishes, or loses the message where there is no connection, as a small board does. */
  send(message: DemoMessage): void;
  /** Breaks the connection without a DISCONNECT, so that the will speaks [MQTT-3.1.2-8]. */
  drop(): void;
  /** Says goodbye: offline, retained, and DISCONNECT. Resolves when that is done or the connection is gone. */
  end(): Promise<void>;
}

/** Connects a device as the contract says: MQTT 3.1.1, client id = device id, last will on its status. */
export function openFleetLink(options: LinkOptions, events: LinkEvents): FleetLink {
  const { id, credential } = options;
  const topic = (leaf: string) => `${options.root}/${id}/${leaf}`;
  const retained = { qos: 1, retain: true } as const;
  const client: MqttClient = connect(options.broker, {
    clientId: id,
    username: credential?.username,
    password: credential?.password,
    clean: true,
    protocolVersion: 4,
    keepalive: KEEPALIVE,
    connectTimeout: CONNECT_TIMEOUT,
    // The fleet connects again by itself, with backoff and one by one.
    reconnectPeriod: 0,
    resubscribe: false,
    will: { topic: topic('status'), payload: Buffer.from('{"online":false}'), ...retained },
  });

  // How far it came, and whether a reason was given: an end without a word needs one, too.
  let state: 'connecting' | 'connected' | 'up' = 'connecting';
  let told = false;
  let over = false;
  const finish = () => {
    if (over) return;
    over = true;
    if (!told && state === 'connecting')
      events.failed(new Error('it closes the connection without an answer'));
    if (!told && state === 'connected') {
      events.refused(`it closed the connection before ${topic('status')} was published; check its rights.`);
    }
    events.down();
  };

  // What fails here ends the connection too, and that is dealt with there.
  const ignore = () => undefined;

  client.on('connect', () => {
    state = 'connected';
    const leaves = options.takesConfig ? ['cmd', 'config'] : ['cmd'];
    client.subscribe(leaves.map(topic), { qos: 1 }, (error, granted) => {
      if (!client.connected) return;
      // 0x80 is a failure [MQTT-3.9.3-2].
      if (error || granted?.some(({ qos }) => qos >= 0x80)) {
        events.refused(`it may not subscribe to ${topic('cmd')}.`);
      }
      client.publish(topic('status'), '{"online":true}', retained, (failure) => {
        if (failure) return;
        state = 'up';
        events.up();
      });
    });
  });
  client.on('message', (received, payload) => {
    events.received(received.endsWith('/config') ? 'config' : 'cmd', payload);
  });
  client.on('error', (error) => {
    const code: unknown = 'code' in error ? error.code : undefined;
    const reason = CONNACK.get(code);
    // What breaks a connection that stood is known when the next one is tried.
    told ||= state === 'connecting';
    if (state === 'connecting') {
      if (reason !== undefined) events.refused(reason);
      else events.failed(error);
    }
    client.end(true, finish);
  });
  client.on('close', finish);

  return {
    send({ leaf, payload, qos, retain }) {
      if (client.connected) client.publish(topic(leaf), payload, { qos, retain }, ignore);
    },
    drop() {
      client.stream.destroy();
    },
    end() {
      return new Promise((done) => {
        if (!client.connected) {
          client.end(true, () => done());
          return;
        }
        client.once('close', () => done());
        client.publish(topic('status'), '{"online":false}', retained, () => client.end());
      });
    },
  };
}
