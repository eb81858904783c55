import { expectedRows, probeTopics, type Action } from '../../../broker-config/expected.ts';
import { WITNESS, withWitness } from '../../../broker-config/with-witness.ts';
import { maySubscribe, policyTopic, type Policy, type Principal } from '../../../src/model/policy.ts';
import { connectClient, type TestClient } from '../broker-clients.ts';
import type { RunningBroker } from './running-broker.ts';

/** A topic and what really happened on it, as the witness or the client saw. */
export type Reached = readonly string[];

/** Carries out the rows of `expected.json` on a broker and says which topics were really reached. */
export class PolicyTable {
  readonly #broker: RunningBroker;
  readonly #topics: readonly string[];
  readonly #policy: Policy;
  #witness: TestClient | undefined;
  #fences = 0;

  /** @param policy without the witness, whom the broker knows as well */
  constructor(broker: RunningBroker, policy: Policy) {
    this.#broker = broker;
    this.#policy = policy;
    this.#topics = probeTopics(policy);
  }

  /** What the policy says, with the limits that the broker is known to have. */
  expected(principal: string, action: Action): Reached {
    return expectedRows(this.#policy)
      .filter((row) => row.principal === principal && row.action === action)
      .filter((row) => row.expect === 'allow' || (row.limit !== undefined && this.#broker.name !== 'demo'))
      .map(({ topic }) => topic);
  }

  /** The topics on which the witness saw what `username` published. */
  async published(username: string, version: 4 | 5): Promise<Reached> {
    const witness = await this.#seer();
    const payload = `from ${username} over ${version} ${++this.#fences}`;
    await this.#publishEach(username, version, payload, false);
    await this.#fence(witness, 'elsewhere/fence');
    return topicsWith(witness, payload);
  }

  /** The topics from which something retained, and something live, came to `username`. */
  async received(username: string, version: 4 | 5): Promise<{ kept: Reached; live: Reached }> {
    const witness = await this.#seer();
    const name = `${username} over ${version} ${++this.#fences}`;
    await this.#fill(witness, `kept for ${name}`);
    const client = await this.#subscribed(username, version);
    await Promise.all(this.#topics.map((topic) => witness.publish(topic, `live for ${name}`)));
    await this.#fence(witness, policyTopic(username), client);
    await client.end();
    await this.#fill(witness, '');
    return { kept: topicsWith(client, `kept for ${name}`), live: topicsWith(client, `live for ${name}`) };
  }

  /** The topics that are empty after `username` has cleared each. */
  async cleared(username: string, version: 4 | 5): Promise<Reached> {
    const witness = await this.#seer();
    const payload = `left behind ${++this.#fences}`;
    await this.#fill(witness, payload);
    await this.#publishEach(username, version, '', true);
    const late = await this.#signIn(WITNESS, version);
    await this.#subscribeAll(late, this.#topics);
    await this.#fence(witness, 'elsewhere/fence', late, ['elsewhere/fence']);
    await late.end();
    await this.#fill(witness, '');
    const left = topicsWith(late, payload);
    return this.#topics.filter((topic) => !left.includes(topic));
  }

  async stop(): Promise<void> {
    await this.#witness?.end();
  }

  #principal(username: string): Principal | undefined {
    return withWitness(this.#policy).principals.find((one) => one.username === username);
  }

  /** Devices come by TCP, people by WebSocket, as in the field. */
  #signIn(username: string, version: 4 | 5): Promise<TestClient> {
    const clientId = this.#principal(username)?.clientId;
    const broker = this.#broker;
    const url = clientId === undefined ? broker.ws : broker.mqtt;
    return connectClient(url, broker.credential(username), {
      version,
      ...(clientId === undefined ? {} : { clientId }),
    });
  }

  async #seer(): Promise<TestClient> {
    if (this.#witness) return this.#witness;
    this.#witness = await this.#signIn(WITNESS, this.#broker.versions[0] ?? 4);
    await this.#witness.subscribe('#');
    return this.#witness;
  }

  async #fill(witness: TestClient, payload: string): Promise<void> {
    await Promise.all(this.#topics.map((topic) => witness.publish(topic, payload, { retain: true })));
  }

  /** Where a denied publish ends the connection, each topic gets a connection of its own. */
  async #publishEach(username: string, version: 4 | 5, payload: string, retain: boolean): Promise<void> {
    const action = retain ? 'clear' : 'publish';
    const allowed = this.#broker.closesOnPublish ? this.expected(username, action) : this.#topics;
    const client = await this.#signIn(username, version);
    await Promise.all(allowed.map((topic) => client.publish(topic, payload, { retain })));
    await client.end();
    await this.#fewAtOnce(username, async (topic) => {
      if (allowed.includes(topic)) return;
      const once = await this.#signIn(username, version);
      await Promise.race([once.publish(topic, payload, { retain }), once.closed]);
      await once.end();
    });
  }

  /** A client that has asked for every topic and for more than it may. */
  async #subscribed(username: string, version: 4 | 5): Promise<TestClient> {
    const wide = ['#', '+/#', ...this.#policy.roots.flatMap((root) => [`${root}/#`, `${root}/+/#`])];
    const asked = [...new Set([...wide, ...this.#topics])];
    if (!this.#broker.closesOnSubscribe) {
      const client = await this.#signIn(username, version);
      await this.#subscribeAll(client, asked);
      return client;
    }
    const allowed = this.expected(username, 'subscribe');
    const principal = this.#principal(username);
    await this.#fewAtOnce(
      username,
      async (filter) => {
        if (allowed.includes(filter)) return;
        const once = await this.#signIn(username, version);
        const answer = once.subscribe(filter).then(
          () => 'granted',
          () => 'refused',
        );
        const outcome = await Promise.race([answer, once.closed.then(() => 'closed')]);
        await once.end();
        const may = principal !== undefined && maySubscribe(principal, filter);
        if (outcome === 'granted' && !may) throw new Error(`${username} may read ${filter}.`);
      },
      asked,
    );
    const client = await this.#signIn(username, version);
    await this.#subscribeAll(client, allowed);
    return client;
  }

  /** A principal with a client id of its own has one connection at a time. */
  async #fewAtOnce(
    username: string,
    each: (topic: string) => Promise<void>,
    topics: readonly string[] = this.#topics,
  ): Promise<void> {
    const size = this.#principal(username)?.clientId === undefined ? 8 : 1;
    for (let i = 0; i < topics.length; i += size) await Promise.all(topics.slice(i, i + size).map(each));
  }

  async #subscribeAll(client: TestClient, filters: readonly string[]): Promise<void> {
    const eights = Array.from({ length: Math.ceil(filters.length / 8) }, (_, i) =>
      filters.slice(i * 8, i * 8 + 8),
    );
    // A refusal of one of them rejects under MQTT 5, with all of them answered.
    await Promise.all(eights.map((some) => client.subscribe(...some).catch(() => undefined)));
  }

  /** Resolves when `client` has everything that the broker took before this call. */
  async #fence(
    witness: TestClient,
    topic: string,
    client = witness,
    subscribe: readonly string[] = [],
  ): Promise<void> {
    if (subscribe.length > 0) await client.subscribe(...subscribe);
    const payload = `fence ${++this.#fences}`;
    await witness.publish(topic, payload);
    await client.received((message) => message.payload === payload);
  }
}

function topicsWith(client: TestClient, payload: string): Reached {
  const found = client.seen.filter((message) => message.payload === payload).map(({ topic }) => topic);
  return [...new Set(found)].sort();
}
