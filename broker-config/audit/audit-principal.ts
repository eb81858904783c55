import { PROBE_ID, type Action, type ExpectedRow } from '../expected.ts';
import { UserError } from '../user-error.ts';
import type { Peer } from './peer.ts';

/** Where the broker does more or less than the policy says. */
export interface Difference {
  readonly principal: string;
  readonly topic: string;
  readonly action: Action;
  readonly expect: 'allow' | 'deny';
}

/** Who takes part, and what tells this run's messages from those of another. */
export interface Audience {
  /** Sees and may write everything. */
  readonly witness: Peer;
  /** The same, come anew. */
  readonly lateWitness: () => Peer;
  readonly run: string;
  /** Filters that are wider than any right. */
  readonly wide: readonly string[];
}

/**
 * Carries out each row as this principal and compares. "Denied" means that the witness, or the principal itself, did not see
 * it, never what the broker answered. It may leave something retained.
 */
export async function auditPrincipal(
  rows: readonly ExpectedRow[],
  peer: Peer,
  audience: Audience,
): Promise<readonly Difference[]> {
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  const { principal } = rows[0]!;
  const reached: { readonly [Of in Action]: ReadonlySet<string> } = {
    publish: await published(topics, principal, peer, audience),
    subscribe: await received(topics, principal, peer, audience),
    clear: await cleared(topics, principal, peer, audience),
  };
  return rows
    .filter(({ action, topic, expect, limit }) => {
      if (limit !== undefined) return false;
      return reached[action].has(topic) !== (expect === 'allow');
    })
    .map(({ action, topic, expect }) => ({ principal, topic, action, expect }));
}

async function published(
  topics: readonly string[],
  principal: string,
  peer: Peer,
  { witness, run }: Audience,
): Promise<ReadonlySet<string>> {
  const payload = `${run} from ${principal}`;
  await peer.publishOn(topics, payload, false);
  await fence(witness, run);
  return witness.topicsOf(payload);
}

async function received(
  topics: readonly string[],
  principal: string,
  peer: Peer,
  { witness, run, wide }: Audience,
): Promise<ReadonlySet<string>> {
  const payload = `${run} for ${principal}`;
  await peer.subscribeTo([...topics, ...wide]);
  await witness.publishOn(topics, payload, false);
  await fence(witness, run);
  await peer.quiet();
  return peer.topicsOf(payload);
}

async function cleared(
  topics: readonly string[],
  principal: string,
  peer: Peer,
  { witness, lateWitness, run }: Audience,
): Promise<ReadonlySet<string>> {
  const payload = `${run} left for ${principal}`;
  await witness.publishOn(topics, payload, true);
  await peer.publishOn(topics, '', true);
  await peer.end();
  await fence(witness, run);
  // Not by a wildcard, for which RabbitMQ sends nothing; retained copies come to whoever asks anew.
  const late = lateWitness();
  await late.subscribeTo(topics);
  await late.quiet();
  await late.end();
  const left = late.topicsOf(payload);
  return new Set(topics.filter((topic) => !left.has(topic)));
}

let fences = 0;

/** Resolves when the witness has everything that the broker took before this call. */
async function fence(witness: Peer, run: string): Promise<void> {
  const topic = `elsewhere/${PROBE_ID}/fence`;
  const payload = `${run} fence ${++fences}`;
  await witness.publish(topic, payload, false);
  if (!(await witness.sees(topic, payload)))
    throw new UserError('The witness does not see its own messages: it must be able to read everything.');
}
