import type { LinkSettings } from './link-settings.ts';

/** What a broker is, as far as it changes what may be claimed about it. */
export type BrokerKind = 'aedes' | 'mosquitto' | 'nats' | 'rabbitmq' | 'emqx' | 'hivemq' | 'aws' | 'other';

/** How to reach a broker; an entry of `config.json`. */
export interface BrokerProfile {
  readonly name: string;
  readonly kind?: BrokerKind;
  /** `ws://` or `wss://`, absolute: the page resolves relative ones before they leave it. */
  readonly urls: readonly string[];
  /** The first level(s) of the device topics, without a slash at either end. */
  readonly root: string;
  /** 5 or 4 (3.1.1) when it is known; tried in that order otherwise. */
  readonly protocol?: 4 | 5;
  readonly subprotocol?: string;
  /** The broker may keep a session under MQTT 3.1.1 too, where it has no end; under MQTT 5 it may anyway. */
  readonly persistent?: boolean;
  /** As chosen in this browser, or for it by the administrator. */
  readonly link?: LinkSettings;
}

/** What a person signs in with. Kept in memory only. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** One (base path of the page, broker profile, principal): owns a lock, a channel, a database and a client id. */
export interface Home {
  readonly base: string;
  readonly broker: string;
  readonly username: string;
}

/** The name that a home's lock, channel and database carry. */
export function homeName(home: Home): string {
  return ['telltale', home.base, home.broker, home.username].map(encodeURIComponent).join('|');
}
