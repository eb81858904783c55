import { createHash, timingSafeEqual } from 'node:crypto';
import type { AedesOptions, AuthenticateError, Client, PublishPacket } from 'aedes';
import { mayClear, mayPublish, maySubscribe } from '../model/policy.ts';
import type { Policy, Principal } from '../model/policy.ts';
import { matches } from '../model/topic.ts';
import { RateLimit } from './rate-limit.ts';

/** The largest payload that the demo broker takes, in bytes. */
export const MAX_PAYLOAD = 1024 * 1024;

/** Publishes a second and at once: far above what a console or a board sends, far below what hurts the others. */
const PERSON_LIMIT = { rate: 100, burst: 2_000 };
const DEVICE_LIMIT = { rate: 5_000, burst: 50_000 };

/** CONNACK return codes [MQTT-3.2.2.3]. */
const IDENTIFIER_REJECTED = 2;
const BAD_CREDENTIAL = 4;
const NOT_AUTHORIZED = 5;

interface Session {
  readonly principal: Principal;
  readonly limit: RateLimit;
  /** The broker's number of the message that was last passed on. */
  lastForwarded: number;
}

type Hooks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'
  >
>;

function refusal(message: string, returnCode: number): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}

function digest(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * The policy as the demo broker's hooks: a subscription is allowed when one right covers all of it, a publish when one
 * right matches its topic, a client id when it is not somebody else's.
 * @param passwords by username
 */
export function createGate(policy: Policy, passwords: ReadonlyMap<string, string>): Hooks {
  const principals = new Map(policy.principals.map((principal) => [principal.username, principal]));
  const owners = new Map<string, string>();
  for (const { clientId, id, username } of policy.principals) {
    if (id !== undefined) owners.set(id, username);
    if (clientId !== undefined) owners.set(clientId, username);
  }
  const digests = new Map([...passwords].map(([username, password]) => [username, digest(password)]));
  const sessions = new WeakMap<Client, Session>();
  const holders = new Map<string, { readonly client: Client; readonly username: string }>();

  function mayTakeClientId(principal: Principal, clientId: string): boolean {
    if (principal.clientId !== undefined && principal.clientId !== clientId) return false;
    const owner = owners.get(clientId);
    if (owner !== undefined && owner !== principal.username) return false;
    // Taking over the id of somebody who is connected would end their link and resume their session.
    const holder = holders.get(clientId);
    return holder === undefined || holder.client.closed || holder.username === principal.username;
  }

  function clearsRetained(principal: Principal, { topic, retain, payload }: PublishPacket): boolean {
    return retain && payload.length === 0 && mayClear(policy, principal, topic);
  }

  return {
    preConnect(_client, packet, done) {
      const principal = principals.get(packet.username ?? '');
      // A will that its owner could not publish is dropped before it is stored: the broker also publishes stored wills
      // after it was killed, when there is no client to ask about.
      if (packet.will && !(principal && mayPublish(principal, packet.will.topic))) delete packet.will;
      done(null, true);
    },

    authenticate(client, username, password, done) {
      const principal = principals.get(username ?? '');
      const expected = digests.get(username ?? '');
      if (username === undefined) return done(refusal('anonymous', NOT_AUTHORIZED), false);
      if (!principal || !expected || !timingSafeEqual(expected, digest(password ?? ''))) {
        return done(refusal('unknown user or wrong password', BAD_CREDENTIAL), false);
      }
      if (!mayTakeClientId(principal, client.id)) {
        return done(refusal('this client id belongs to somebody else', IDENTIFIER_REJECTED), false);
      }
      const { rate, burst } = principal.id === undefined ? PERSON_LIMIT : DEVICE_LIMIT;
      sessions.set(client, {
        principal,
        limit: new RateLimit(rate, burst, performance.now()),
        lastForwarded: 0,
      });
      holders.set(client.id, { client, username });
      client.conn.once('close', () => {
        if (holders.get(client.id)?.client === client) holders.delete(client.id);
      });
      forgetDuplicates(client);
      done(null, true);
    },

    authorizePublish(client, packet, done) {
      // No client: the stored will of a device that was connected when the broker was killed.
      if (client === null) return done();
      const session = sessions.get(client);
      if (!session) return done(new Error('not signed in'));
      const { principal, limit } = session;
      if (packet.payload.length > MAX_PAYLOAD) return done(new Error('payload over 1 MB'));
      if (!limit.take(performance.now())) return done(new Error('too many messages'));
      if (mayPublish(principal, packet.topic) || clearsRetained(principal, packet)) return done();
      done(new Error(`${principal.username} may not publish on ${packet.topic}`));
    },

    authorizeSubscribe(client, subscription, done) {
      const session = sessions.get(client);
      // `null` for the subscription is SUBACK 0x80 [MQTT-3.9.3-2].
      done(null, session && maySubscribe(session.principal, subscription.topic) ? subscription : null);
    },

    authorizeForward(client, packet) {
      const session = sessions.get(client);
      // Also for a stored session that was opened under other rights.
      if (!session?.principal.subscribe.some((filter) => matches(filter, packet.topic))) return null;
      // Overlapping filters deliver one message several times in a row; a message id means the session's queue.
      if (packet.brokerId && packet.messageId === undefined) {
        if (packet.brokerCounter === session.lastForwarded) return null;
        session.lastForwarded = packet.brokerCounter;
      }
      return packet;
    },
  };
}

/**
 * aedes takes every message for a duplicate whose number is lower than the last one delivered to the client. Numbers
 * are given before a message is stored, so one that takes longer to store (QoS 1 with a stored session) than the next
 * is lost. Its memory is made to forget, and `authorizeForward` drops the true duplicates.
 */
function forgetDuplicates(client: Client): void {
  const forgetful = new Proxy(Object.create(null) as Record<string, number>, {
    get: () => 0,
    set: () => true,
  });
  (client as Client & { duplicates: Record<string, number> }).duplicates = forgetful;
}
