import type { BrokerKind } from '../../../src/model/broker.ts';
import type { BROKERS } from './brokers.ts';

const GRANTED = 'granted, QoS 1';
const MAY_FILTER = 'granted, but the broker may filter what arrives, QoS 1';
const ACCEPTED = 'Accepted by the broker. Waiting for the device.';
const UNPROVEN =
  'Sent, not confirmed. MQTT 3.1.1 cannot say whether the broker passed it on, and it may still arrive late.';

/** What the page says, with no policy document to help it. */
export interface Words {
  readonly version: 4 | 5;
  /** Of a command whose PUBACK came. */
  readonly sent: string;
  /** Of a command that the sign-in may not give. */
  readonly denied: RegExp;
  /** Of a filter that the sign-in may read. */
  readonly granted: string;
  /** Of one that it may not. */
  readonly notGranted: RegExp;
  /** Of a configuration that the sign-in may not ask for. */
  readonly configDenied: RegExp;
  /** Of a message that is larger than the roles file allows. */
  readonly large: RegExp;
  /** Whether the witness sees that one: what the broker does about the limit. */
  readonly passesLarge: boolean;
  /** Whether it sees what is sent after it on the same connection. */
  readonly passesAfter: boolean;
}

export const CONFIGURED = 'The broker has it. Waiting for the device to report it.';
/** Like one of any size. */
const AS_ANY = /^Sent, not confirmed\. MQTT 3\.1\.1 cannot say/;
const CONFIG_UNPROVEN = /^Sent, not confirmed by the broker\.$/;

/** It might cost the connection. */
export const NOT_ASKED = 'not asked';

/** acl_file and dynamic security differ in what they make of a filter that may not be read. */
const mosquitto = (notGranted: RegExp): readonly Words[] => [
  {
    version: 4,
    sent: UNPROVEN,
    denied: /^Sent, not confirmed\. MQTT 3\.1\.1 cannot say/,
    granted: MAY_FILTER,
    notGranted,
    configDenied: CONFIG_UNPROVEN,
    large: AS_ANY,
    passesLarge: true,
    passesAfter: true,
  },
  {
    version: 5,
    sent: ACCEPTED,
    denied: /^The broker refused/,
    granted: MAY_FILTER,
    notGranted,
    configDenied: /^The broker refused/,
    // Its CONNACK names the limit.
    large: /^Not sent: with its topic/,
    passesLarge: false,
    passesAfter: true,
  },
];

export const CLAIMS: {
  readonly [Name in (typeof BROKERS)[number][0]]: {
    readonly kind: BrokerKind;
    readonly rows: readonly Words[];
  };
} = {
  mosquitto: { kind: 'mosquitto', rows: mosquitto(/^granted, but/) },
  'mosquitto-dynsec': { kind: 'mosquitto', rows: mosquitto(/^refused/) },
  nats: {
    kind: 'nats',
    rows: [
      {
        version: 4,
        sent: UNPROVEN,
        denied: /^Sent, not confirmed\. MQTT 3\.1\.1 cannot say/,
        granted: GRANTED,
        notGranted: /^refused/,
        configDenied: CONFIG_UNPROVEN,
        large: AS_ANY,
        passesLarge: true,
        passesAfter: true,
      },
    ],
  },
  rabbitmq: {
    kind: 'rabbitmq',
    rows: [
      {
        version: 4,
        sent: ACCEPTED,
        denied: /closed the connection/,
        granted: NOT_ASKED,
        notGranted: /^not asked$/,
        configDenied: /closed the connection/,
        large: /^Sent, not confirmed\.$/,
        passesLarge: false,
        // It passes on nothing more, and leaves the connection open without a word.
        passesAfter: false,
      },
    ],
  },
};
