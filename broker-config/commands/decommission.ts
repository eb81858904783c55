import { setTimeout as delay } from 'node:timers/promises';
import { maySubscribe, policyTopic } from '../../src/model/policy.ts';
import type { Policy } from '../../src/model/policy.ts';
import { askFirst } from '../ask-first.ts';
import { connectToBroker } from '../connect-to-broker.ts';
import { loadPolicy } from '../load-policy.ts';
import { findRetained } from '../retained.ts';
import { unsafeName } from '../safe-name.ts';
import { UserError, sentence } from '../user-error.ts';
import { follow, placeOf, takeOut } from './change-principal.ts';
import type { ChangeFlags, Place } from './change-principal.ts';

/** NATS puts out whoever is revoked some time after it was told to read its files, and the last will comes then. */
const LAST_WILL_MS = 2_000;

/** The flags of `decommission`, as they were typed. */
export interface DecommissionFlags extends ChangeFlags {
  readonly broker?: string;
  readonly username?: string;
  readonly password?: string;
  /** The answer to the question, given beforehand. */
  readonly yes?: boolean;
}

/**
 * Takes a device out for good: its sign-in first, so that its last will is the last that it says, and then everything that
 * is retained under its id. Looks afterwards whether that is so.
 * @throws UserError when something retained is left, with its topics.
 */
export async function decommission(
  id: string | undefined,
  flags: DecommissionFlags,
): Promise<readonly string[]> {
  if (id === undefined) throw new UserError('decommission needs the id of a device: decommission ID.', 2);
  // It becomes part of topics that are cleared: a "/" or a wildcard would lead to those of others.
  const flaw = unsafeName(id);
  if (flaw !== undefined) throw new UserError(`The device id "${id}" ${flaw}.`, 2);
  const { broker, username = 'admin', password = process.env['TELLTALE_PASSWORD'] } = flags;
  if (!broker) throw new UserError('decommission needs --broker mqtt://HOST:PORT (or mqtts, ws, wss).', 2);
  if (password === undefined) {
    throw new UserError('decommission needs --password, or the variable TELLTALE_PASSWORD.', 2);
  }
  const place = await placeOf(flags);
  const policy = await loadPolicy({ file: place.roles, devices: place.record?.devices ?? [] });
  const signIn = policy.principals.find((one) => one.id === id)?.username;
  const topics = [...topicsOf(policy, id), ...(signIn === undefined ? [] : [policyTopic(signIn)])];
  // Some brokers end the connection over a filter that may not be read.
  const me = policy.principals.find((one) => one.username === username);
  const readable = topics.filter((topic) => !me || maySubscribe(me, topic));
  const look = async () => {
    const { client } = await connectToBroker(broker, { username, password });
    try {
      return await findRetained(client, readable);
    } catch (error) {
      throw new UserError(
        `${broker} does not let "${username}" look at ${readable.join(', ')}: ${sentence(error)}.`,
      );
    } finally {
      await client.endAsync(true);
    }
  };

  const before = await look();
  await askFirst(
    [
      signIn === undefined
        ? `${id} has no sign-in in ${place.roles}${place.folder ? ` nor in ${place.folder}` : ''}.`
        : `The sign-in ${signIn} is taken out.`,
      `An empty retained message is published, QoS 1, as ${username} on ${broker}, to:`,
      ...topics.map(
        (topic) => `  ${topic}${before.found.includes(topic) ? ' (something is retained there)' : ''}`,
      ),
    ],
    flags.yes,
  );

  const revoked = signIn === undefined ? [] : await revokeSignIn(place, signIn, flags);
  const clearAndLook = async () => {
    await clear(broker, { username, password }, topics);
    return look();
  };
  let after = await clearAndLook();
  if (signIn !== undefined && flags.apply) {
    await delay(LAST_WILL_MS);
    if ((await look()).found.length > 0) after = await clearAndLook();
  }
  if (after.found.length > 0) {
    throw new UserError(
      `Still retained: ${after.found.join(', ')}. Either ${username} may not clear there, or the device is still connected and sent it again.`,
    );
  }
  const unseen = topics.filter((topic) => !readable.includes(topic) || after.unreadable.includes(topic));
  const blind =
    unseen.length > 0
      ? ` Cleared without looking, because ${username} may not read there: ${unseen.join(', ')}.`
      : '';
  const count = `${before.found.length} ${before.found.length === 1 ? 'topic' : 'topics'}`;
  const again =
    signIn === undefined || flags.apply
      ? []
      : [
          `Until the broker has read its files again ${signIn} can still sign in, and leave something behind: then run this once more.`,
        ];
  return [...revoked, `Nothing of ${id} is retained any more; ${count} had been.${blind}`, ...again];
}

/** Where something of a device can have been left: the leaves that the policy knows, below its id. */
function topicsOf({ roots, clearable }: Policy, id: string): readonly string[] {
  const below = clearable
    .filter((filter) => roots.some((root) => filter.startsWith(`${root}/+/`)))
    .map((filter) => filter.replace('+', id))
    .filter((topic) => !/[+#]/.test(topic));
  return [...new Set(below)].sort();
}

async function revokeSignIn(
  place: Place,
  username: string,
  flags: DecommissionFlags,
): Promise<readonly string[]> {
  const { place: without, line } = await takeOut(place, username);
  return [line, ...(await follow(without, { kind: 'revoke', username }, flags))];
}

async function clear(
  broker: string,
  credential: { readonly username: string; readonly password: string },
  topics: readonly string[],
): Promise<void> {
  const { client } = await connectToBroker(broker, credential);
  try {
    for (const topic of topics) {
      await client.publishAsync(topic, '', { qos: 1, retain: true }).catch((error: unknown) => {
        throw new UserError(
          `${broker} did not let "${credential.username}" clear ${topic}: ${sentence(error)}.`,
        );
      });
    }
  } finally {
    await client.endAsync(true);
  }
}
