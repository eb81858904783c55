import type { BrokerKind, BrokerProfile } from '../model/broker.ts';
import { DEFAULT_LINK_SETTINGS, type LinkSettings } from '../model/link-settings.ts';
import { errorText } from './words/error-text.ts';

const KINDS: readonly BrokerKind[] = [
  'aedes',
  'mosquitto',
  'nats',
  'rabbitmq',
  'emqx',
  'hivemq',
  'aws',
  'other',
];
const MAX_BROKERS = 100;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A broker address made absolute against the page: `mqtt` on `https://host/app/` is `wss://host/app/mqtt`.
 * Throws an Error with one sentence when no WebSocket address comes out.
 */
export function socketUrl(text: string, page: string): string {
  let url: URL;
  try {
    url = new URL(text.trim(), page);
  } catch {
    throw new Error(`"${text}" is not an address. Write it as wss://host/path or ws://host:port/path.`);
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new Error(
      `"${text}" is not a WebSocket address. A browser reaches a broker by wss:// or ws:// only.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      `"${url.host}" is given with a password in its address. Put it in the sign-in form instead.`,
    );
  }
  return url.href;
}

/** The root of the device topics without slashes at its ends. Throws an Error with one sentence. */
function topicRoot(root: unknown, where: string): string {
  const text = typeof root === 'string' ? root.replace(/^\/+|\/+$/g, '') : '';
  if (text === '' || /[+#\0]/.test(text)) {
    throw new Error(`${where}.root has to be a topic without wildcards, such as "devices".`);
  }
  return text;
}

function broker(entry: unknown, index: number, page: string): BrokerProfile {
  const where = `brokers[${index}]`;
  if (!isRecord(entry)) throw new Error(`${where} has to be an object with name, urls and root.`);
  const { name, kind, urls, root, protocol, subprotocol, persistent } = entry;
  if (typeof name !== 'string' || name.trim() === '') throw new Error(`${where}.name has to be a text.`);
  if (!Array.isArray(urls) || urls.length === 0 || !urls.every((url) => typeof url === 'string')) {
    throw new Error(`${where}.urls has to be a list of at least one address.`);
  }
  if (kind !== undefined && !KINDS.some((known) => known === kind)) {
    throw new Error(`${where}.kind has to be one of ${KINDS.join(', ')}.`);
  }
  if (protocol !== undefined && protocol !== 4 && protocol !== 5) {
    throw new Error(`${where}.protocol has to be 4 (MQTT 3.1.1) or 5.`);
  }
  if (subprotocol !== undefined && typeof subprotocol !== 'string') {
    throw new Error(`${where}.subprotocol has to be a text, such as "mqtt".`);
  }
  if (persistent !== undefined && typeof persistent !== 'boolean') {
    throw new Error(`${where}.persistent has to be true or false.`);
  }
  return {
    name: name.trim(),
    kind: KINDS.find((known) => known === kind),
    urls: urls.map((url) => socketUrl(url, page)),
    root: topicRoot(root, where),
    protocol,
    subprotocol,
    persistent,
  };
}

/**
 * Reads `config.json`: the brokers that the page offers, their addresses made absolute against the page's own (`page`).
 * Throws an Error with one sentence that names the place.
 */
export function parseConfig(text: string, page: string): readonly BrokerProfile[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON (${errorText(error)}).`, { cause: error });
  }
  if (!isRecord(json) || !Array.isArray(json['brokers'])) throw new Error('it has no list "brokers".');
  const { brokers, record } = json;
  if (record !== undefined && record !== 'everything' && record !== 'viewed') {
    throw new Error('record has to be "everything" or "viewed".');
  }
  if (brokers.length > MAX_BROKERS) throw new Error(`it lists more than ${MAX_BROKERS} brokers.`);
  const link =
    record === undefined ? undefined : { ...DEFAULT_LINK_SETTINGS, record: record as LinkSettings['record'] };
  const profiles = brokers.map((entry, index) => ({ ...broker(entry, index, page), link }));
  const twice = profiles.find(({ name }, i) => profiles.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new Error(`two brokers are called "${twice.name}".`);
  return profiles;
}

/** What somebody typed into "Broker": the name of an offered broker, or an address. Throws one sentence. */
export function chosenBroker(typed: string, offered: readonly BrokerProfile[], page: string): BrokerProfile {
  const text = typed.trim();
  const known = offered.find(({ name }) => name === text);
  if (known !== undefined) return known;
  if (text === '') throw new Error('Choose a broker, or type its address as wss://host/path.');
  if (!/^wss?:\/\//i.test(text)) {
    throw new Error(
      `No broker is called "${text}". Choose one of the list, or type an address that begins with wss://.`,
    );
  }
  const url = socketUrl(text, page);
  return { name: url, urls: [url], root: 'devices' };
}
