import type { IClientPublishOptions, IConnackPacket, MqttClient } from 'mqtt';
import type { Credential } from '../../model/broker.ts';
import type { Publish } from '../../model/convention.ts';
import type { QoS } from '../../model/qos.ts';
import type { LoadMqtt, Mqtt } from './load-mqtt.ts';
import {
  connackEnding,
  disconnectEnding,
  faultEnding,
  lostEnding,
  notLoadedEnding,
  unansweredEnding,
  unopenedEnding,
  type Ending,
} from './refusal.ts';
import type { Redeliveries } from './redeliveries.ts';
import type { OpenSocket, SocketClose } from './socket.ts';
import { Tap, TAP_LIMITS, type TakeMessage, type TakeTooLarge } from './tap.ts';
import type { Traffic } from './traffic.ts';

/** How long a broker may take to let somebody in. */
export const CONNECT_TIMEOUT_MS = 8_000;

export interface SessionOptions {
  readonly endpoint: string;
  readonly protocol: 4 | 5;
  readonly subprotocol?: string;
  readonly clientId: string;
  readonly credential: Credential;
  /** Seconds for which the broker is to keep the session after a loss; 0 when there is to be none. */
  readonly keep: number;
  /** A session that the broker still has is not wanted. */
  readonly afresh: boolean;
  readonly redeliveries: Redeliveries;
  readonly traffic: Traffic;
  /** Seconds. */
  readonly keepalive: number;
  readonly openSocket: OpenSocket;
  readonly loadMqtt: LoadMqtt;
  /** Gives the attempt up, and closes its socket; without effect once the broker has answered. */
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onMessage: TakeMessage;
  readonly onTooLarge: TakeTooLarge;
  /** Bytes came from the broker, at this time (epoch ms). */
  readonly onHeard: (at: number) => void;
  /** The session is over. Called once, after `openSession` has resolved to `ok`. */
  readonly onEnd: (ending: Ending) => void;
}

/** What the broker answered to a QoS 1 publish. */
export interface Puback {
  /** 0 under 3.1.1, where there is no code. */
  readonly reasonCode: number;
}

/** One MQTT session over one socket. Nothing of it survives the socket: what must be sent again is the outbox's business. */
export interface Session {
  readonly protocol: 4 | 5;
  readonly endpoint: string;
  readonly sessionPresent: boolean;
  /** Seconds for which the broker keeps it without a link, by its own word; `undefined` under 3.1.1, where nobody says. */
  readonly kept: number | undefined;
  /** Bytes: the broker takes no larger packet, by its CONNACK; `undefined` where it names no limit. */
  readonly maximumPacketSize: number | undefined;
  /** One reason code per filter, in order; below 0x80 it is the granted QoS. Rejects when the session ends first. */
  subscribe(filters: readonly string[], qos: QoS): Promise<readonly number[]>;
  unsubscribe(filters: readonly string[]): Promise<void>;
  /** Resolves with the broker's answer; rejects when the session ended before it came. */
  publish(message: Publish, expirySeconds?: number): Promise<Puback>;
  /** Asks the broker for a sign of life. */
  ping(): void;
  /** Says goodbye. @param forget the broker is to keep nothing; MQTT 3.1.1 cannot say so */
  end(forget?: boolean): void;
  /** Lets go of a socket that nobody answers on. */
  drop(): void;
}

export type OpenResult =
  { readonly ok: true; readonly session: Session } | { readonly ok: false; readonly ending: Ending };

/**
 * Makes one attempt to connect. A new mqtt.js client each time, with its stores empty: mqtt.js re-sends from its store
 * on every reconnect before it says `connect`, and a publish that the broker denies by closing would come back for ever.
 */
export async function openSession(options: SessionOptions): Promise<OpenResult> {
  let mqtt: Mqtt;
  try {
    mqtt = await options.loadMqtt();
  } catch (error) {
    return { ok: false, ending: notLoadedEnding(error) };
  }
  return connectWith(mqtt, options);
}

function connectWith(mqtt: Mqtt, options: SessionOptions): Promise<OpenResult> {
  const { endpoint, protocol, credential } = options;
  const context = { endpoint, protocol, username: credential.username };
  let socketClose: SocketClose | undefined;
  let ending: Ending | undefined;
  let keepaliveLost = false;
  let pinged = false;
  let live = false;

  return new Promise((resolve) => {
    if (options.signal.aborted) {
      resolve({ ok: false, ending: unansweredEnding(undefined, context) });
      return;
    }
    const settle = () => {
      const result =
        ending ??
        (live ? lostEnding(socketClose, keepaliveLost, context) : unansweredEnding(socketClose, context));
      client.end(true);
      if (live) options.onEnd(result);
      else resolve({ ok: false, ending: result });
    };

    let client: MqttClient;
    let tap: Tap | undefined;
    try {
      client = mqtt.connect(endpoint, {
        protocolVersion: protocol,
        clientId: options.clientId,
        username: credential.username,
        password: credential.password,
        clean: options.keep === 0 || options.afresh,
        keepalive: options.keepalive,
        connectTimeout: CONNECT_TIMEOUT_MS,
        reconnectPeriod: 0,
        resubscribe: false,
        forceNativeWebSocket: true,
        ...(protocol === 5 && { properties: { sessionExpiryInterval: options.keep, ...TAP_LIMITS } }),
        // The address as it was given: the one that mqtt.js puts together has lost the brackets of an IPv6 host.
        createWebsocket: (_url: string, subprotocols: string[]) => {
          const offered = options.subprotocol ? [options.subprotocol] : subprotocols;
          return (tap = new Tap(options.openSocket(endpoint, offered), {
            protocol,
            ...(options.keep > 0 && { redeliveries: options.redeliveries }),
            traffic: options.traffic,
            now: options.now,
            onMessage: options.onMessage,
            onTooLarge: options.onTooLarge,
            onHeard: (at) => {
              options.onHeard(at);
              if (!pinged) return;
              // On a full link the PINGRESP stands behind many messages; each of them says as much as it would.
              pinged = false;
              client.reschedulePing(true);
            },
            onFault: (fault) => {
              ending = faultEnding(fault, context);
              client.end(true);
            },
            onClose: (close) => (socketClose = close),
          }));
        },
      });
    } catch (error) {
      resolve({ ok: false, ending: unopenedEnding(error, context) });
      return;
    }
    options.signal.addEventListener('abort', () => {
      if (!live) client.end(true);
    });
    client.on('packetsend', (packet) => {
      if (packet.cmd === 'pingreq') pinged = true;
    });

    client.on('error', (error) => {
      const code = 'code' in error && typeof error.code === 'number' ? error.code : undefined;
      if (!live && code !== undefined) ending = connackEnding(code, context);
      if (/keepalive/i.test(error.message)) keepaliveLost = true;
    });
    client.on('disconnect', (packet) => (ending = disconnectEnding(packet.reasonCode ?? 0, context)));
    client.on('connect', (connack) => {
      live = true;
      resolve({
        ok: true,
        session: sessionOf(client, options, connack, tap),
      });
    });
    // QoS 2 only: the tap takes the others.
    client.on('message', (topic, payload, packet) => {
      const { retain, qos, dup } = packet;
      const correlationData = packet.properties?.correlationData;
      const meta = { retain, qos, dup, receivedAt: options.now(), correlationData };
      options.onMessage(topic, payload, meta, undefined);
    });
    // mqtt.js's `close` and the socket's own come in either order, by broker: wait a turn before judging.
    client.once('close', () => setTimeout(settle, 0));
  });
}

type Properties = NonNullable<IClientPublishOptions['properties']>;

function propertiesOf({ properties = {} }: Publish, expirySeconds: number | undefined): Properties {
  const { responseTopic, correlationData, contentType, userProperties = [] } = properties;
  const user: Record<string, string[]> = {};
  for (const [name, value] of userProperties) (user[name] ??= []).push(value);
  return {
    ...(expirySeconds !== undefined && { messageExpiryInterval: Math.max(1, Math.ceil(expirySeconds)) }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: correlationData as never }),
    ...(contentType !== undefined && { contentType }),
    ...(userProperties.length > 0 && { userProperties: user }),
  };
}

/** MQTT 3.1.1 has a session without an end, or none. */
function unsaid(keep: number): 0 | undefined {
  return keep > 0 ? undefined : 0;
}

/** DISCONNECT with a session expiry interval of 0 (MQTT 5, section 3.14.2.2.2). */
const END_OF_SESSION = new Uint8Array([0xe0, 7, 0, 5, 0x11, 0, 0, 0, 0]);

function sessionOf(
  client: MqttClient,
  options: SessionOptions,
  connack: IConnackPacket,
  tap: Tap | undefined,
): Session {
  return {
    protocol: options.protocol,
    endpoint: options.endpoint,
    sessionPresent: connack.sessionPresent,
    // A broker that keeps it for another time says so (MQTT 5, section 3.2.2.3.2).
    kept:
      options.protocol === 5
        ? (connack.properties?.sessionExpiryInterval ?? options.keep)
        : unsaid(options.keep),
    maximumPacketSize: connack.properties?.maximumPacketSize,
    subscribe: (filters, qos) =>
      new Promise((resolve, reject) => {
        // An array, not mqtt.js's object form: the codes come back in the order of the request.
        client.subscribe([...filters], { qos }, (_error, _granted, suback) => {
          // A refused filter is an error to mqtt.js; the SUBACK's own codes say which one.
          if (suback) resolve(suback.granted.map(Number));
          else reject(new Error('The link ended before the broker answered the subscription.'));
        });
      }),
    unsubscribe: (filters) =>
      new Promise((resolve, reject) => {
        client.unsubscribe([...filters], (error) => (error ? reject(error) : resolve()));
      }),
    publish: (message, expirySeconds) =>
      new Promise((resolve, reject) => {
        options.traffic.out.messages++;
        options.traffic.out.payload += message.payload.length;
        const publishOptions: IClientPublishOptions = { qos: message.qos, retain: message.retain };
        if (options.protocol === 5) publishOptions.properties = propertiesOf(message, expirySeconds);
        client.publish(message.topic, message.payload as never, publishOptions, (error, packet) => {
          const code = packet && 'reasonCode' in packet ? packet.reasonCode : undefined;
          const errorCode = error && 'code' in error ? error.code : undefined;
          if (typeof code === 'number') resolve({ reasonCode: code });
          else if (typeof errorCode === 'number') resolve({ reasonCode: errorCode });
          else if (error) reject(error);
          else resolve({ reasonCode: 0 });
        });
      }),
    ping: () => client.sendPing(),
    drop: () => {
      tap?.end();
      client.end(true);
    },
    // Without force mqtt.js waits for every answer that the broker owes, and it may never give one.
    end: (forget) => {
      tap?.end();
      const forgets = forget && options.keep > 0 && options.protocol === 5;
      if (forgets) tap?.send(END_OF_SESSION);
      client.end(forgets || Object.keys(client.outgoing).length > 0);
    },
  };
}
