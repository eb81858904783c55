import type { BrokerKind } from './broker.ts';

/** What the answers of one kind of broker are worth over one version of MQTT. */
export interface BrokerTruth {
  /**
   * A SUBACK below 0x80: `delivers` says that the sign-in may read all that the filter covers; after `may-filter` the broker
   * may still hold any message back.
   */
  readonly granted: 'delivers' | 'may-filter';
  /** How it says no to a SUBSCRIBE: `any` where nobody has looked. */
  readonly deniesSubscribe: 'code' | 'close' | 'any';
  /** Whether a PUBACK below 0x80 says that it took the message. */
  readonly pubackProves: boolean;
}

/** An unknown broker may do any of it. */
const WEAKEST: BrokerTruth = { granted: 'may-filter', deniesSubscribe: 'any', pubackProves: false };

/**
 * What was measured, in research/brokers.md, section 1 (the matrix), on Debian 12: aedes 1.2 and 2.0 beta, Mosquitto 2.0.11,
 * NATS 2.9.10, RabbitMQ 3.10.8. What is not in it has not been seen: EMQX, HiveMQ and AWS; NATS and RabbitMQ over MQTT 5, which
 * those versions refuse and later ones do not all.
 */
const MEASURED: { readonly [Kind in BrokerKind]?: { readonly [Protocol in 4 | 5]?: BrokerTruth } } = {
  // "SUB denied": 0x80, 0x87 over 5. "PUB denied QoS1 v3.1.1": closed, no PUBACK. "v5": PUBACK 0x87.
  aedes: {
    4: { granted: 'delivers', deniesSubscribe: 'code', pubackProves: true },
    5: { granted: 'delivers', deniesSubscribe: 'code', pubackProves: true },
  },
  // "SUB denied", acl_file: granted, filtered per message (section 2, trap 5); dynsec refuses, and the kind does not say which
  // of the two it is. "PUB denied QoS1 v3.1.1": PUBACK, dropped; "v5": PUBACK 0x87.
  mosquitto: {
    4: { granted: 'may-filter', deniesSubscribe: 'code', pubackProves: false },
    5: { granted: 'may-filter', deniesSubscribe: 'code', pubackProves: true },
  },
  // "SUB denied": 0x80. "PUB denied QoS1 v3.1.1": PUBACK, dropped (trap 5).
  nats: { 4: { granted: 'delivers', deniesSubscribe: 'code', pubackProves: false } },
  // "SUB denied", "SUB list, one item denied": the socket closes, 1002 "access_refused". "PUB denied QoS1": closed, no PUBACK.
  rabbitmq: { 4: { granted: 'delivers', deniesSubscribe: 'close', pubackProves: true } },
};

/**
 * Whether what is retained comes to a subscription with wildcards, as it must [MQTT-3.3.1-6]. RabbitMQ hands it out to whoever
 * asks for exactly that topic (research/brokers.md, "Retained on `+`/`#`"), its version 4 too.
 */
export function retainedOnWildcards(kind: BrokerKind | undefined): boolean {
  return kind !== 'rabbitmq';
}

/**
 * Whether a session keeps what was asked for at QoS 0, as a broker may [MQTT-3.1.2.4]: old telemetry would come like new.
 * EMQX does so unless it is told otherwise (`mqtt.mqueue_store_qos0`), by its documentation.
 */
export function keepsQos0(kind: BrokerKind | undefined): boolean {
  return kind === 'emqx';
}

/** What may be claimed of a broker of this kind; of one that is not known, the least. */
export function brokerTruth(kind: BrokerKind | undefined, protocol: 4 | 5): BrokerTruth {
  return (kind && MEASURED[kind]?.[protocol]) ?? WEAKEST;
}
