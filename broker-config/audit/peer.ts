import { setTimeout as delay } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { connectToBroker, type SignIn } from '../connect-to-broker.ts';
import { Silence } from '../silence.ts';

const SEES_MS = 20_000;

/**
 * Somebody at a live broker, who notes on which topics each payload came. A broker may answer by ending the connection: it
 * is opened again for whatever comes next.
 */
export class Peer {
  /** Topics by the payload that came on them. */
  readonly #seen = new Map<string, Set<string>>();
  readonly #broker: string;
  readonly #signIn: SignIn;
  readonly #interruption: AbortSignal | undefined;
  #client: MqttClient | undefined;
  #opening: Promise<MqttClient> | undefined;
  /** Resolves when the present connection is gone. */
  #closed = Promise.resolve();
  /** The protocol that worked. */
  #protocol: 4 | 5 | undefined;
  readonly #silence = new Silence();

  /** Once `interruption` is aborted nothing more is said: what was asked for rejects with its reason. */
  constructor(broker: string, signIn: SignIn, interruption?: AbortSignal) {
    this.#broker = broker;
    this.#signIn = signIn;
    this.#interruption = interruption;
  }

  /** It was let in at least once: before that it has published nothing. */
  get wasLetIn(): boolean {
    return this.#protocol !== undefined;
  }

  /** The topics on which `payload` came so far. */
  topicsOf(payload: string): ReadonlySet<string> {
    return this.#seen.get(payload) ?? new Set();
  }

  /**
   * Publishes at QoS 1; resolves when the broker has answered or ended the connection, whatever it thinks of it.
   * @returns whether it has answered
   */
  async publish(topic: string, payload: string, retain: boolean): Promise<boolean> {
    const client = await this.#open();
    return this.#answered(client.publishAsync(topic, payload, { qos: 1, retain }));
  }

  /** Publishes on each topic; where the answer to one is the end of the connection, those without an answer one by one. */
  async publishOn(topics: readonly string[], payload: string, retain: boolean): Promise<void> {
    const answered = await Promise.all(topics.map((topic) => this.publish(topic, payload, retain)));
    for (const [i, topic] of topics.entries()) if (!answered[i]) await this.publish(topic, payload, retain);
  }

  /** Asks for a filter. Answers whether the connection outlived it. */
  async subscribe(filter: string): Promise<boolean> {
    const client = await this.#open();
    return (await this.#answered(client.subscribeAsync(filter, { qos: 1 }))) && client.connected;
  }

  /** Asks for each filter. When it resolves, all that end no connection are asked for on the one that there is. */
  async subscribeTo(filters: readonly string[]): Promise<void> {
    const outlived = await Promise.all(filters.map((filter) => this.subscribe(filter)));
    if (outlived.every(Boolean)) return;
    const harmless: string[] = [];
    for (const filter of filters) if (await this.subscribe(filter)) harmless.push(filter);
    // What ended the connection ended those before it too.
    await this.end();
    await Promise.all(harmless.map((filter) => this.subscribe(filter)));
  }

  /** Whether this payload comes, or came, on this topic within so many ms. */
  async sees(topic: string, payload: string, ms = SEES_MS): Promise<boolean> {
    const patience = Date.now() + ms;
    while (!this.topicsOf(payload).has(topic)) {
      if (Date.now() > patience) return false;
      await delay(5);
    }
    return true;
  }

  /** Resolves when nothing has come for a while. */
  quiet(): Promise<void> {
    return this.#silence.falls();
  }

  /** Ends the connection; what was seen stays. */
  async end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.endAsync(true);
  }

  /** The connection that there is, or one for all who ask at the same time. */
  #open(): Promise<MqttClient> {
    if (this.#interruption?.aborted) return Promise.reject(this.#interruption.reason);
    if (this.#client?.connected) return Promise.resolve(this.#client);
    this.#opening ??= this.#connect().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #connect(): Promise<MqttClient> {
    const protocols = this.#protocol === undefined ? undefined : [this.#protocol];
    const { client, protocol } = await connectToBroker(this.#broker, this.#signIn, protocols);
    this.#protocol = protocol;
    if (this.#interruption?.aborted) {
      await client.endAsync(true);
      throw this.#interruption.reason;
    }
    // What it means is seen by its end.
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      this.#silence.broken();
      const text = String(payload);
      const topics = this.#seen.get(text) ?? new Set();
      this.#seen.set(text, topics.add(topic));
    });
    this.#closed = new Promise((resolve) => client.once('close', () => resolve()));
    this.#client = client;
    return client;
  }

  /** Resolves with an answer, a refusal being one (true), or with the end of the connection (false). */
  async #answered(answer: Promise<unknown>): Promise<boolean> {
    const answered = answer.then(
      () => true,
      // A refusal has the broker's packet or its reason code; whatever else failed has not been decided by the broker.
      (error: object) => 'packet' in error || ('code' in error && typeof error.code === 'number'),
    );
    const outcome = await Promise.race([answered, this.#closed.then(() => false)]);
    // A close that belongs to the answer may come after it.
    await delay(0);
    return outcome;
  }
}
