import type { Subscription } from '../../../engine-api/link.ts';
import { SHARED_RULES_TOPIC } from '../../../model/alert/rule-sets.ts';
import type { Command } from '../../../model/command.ts';
import { mayPublish, maySubscribe, policyTopic, type PolicyDocument } from '../../../model/policy.ts';
import { covers, matches } from '../../../model/topic.ts';

/** One thing that this sign-in might do: what its policy document says of it, and what the broker did. */
export interface RightRow {
  readonly what: string;
  readonly filter: string;
  /** `some` where the document allows it for a part of the topics; `unknown` where there is no document. */
  readonly policy: 'yes' | 'some' | 'no' | 'unknown';
  /** What the broker answered, in words; missing while it was not asked. */
  readonly broker?: string;
  /** When the broker answered, epoch ms, where that is known. */
  readonly at?: number;
  /** The document says one thing and the broker did another: one sentence. */
  readonly differs?: string;
}

export interface MyRights {
  readonly read: readonly RightRow[];
  readonly write: readonly RightRow[];
}

export interface RightsSeen {
  readonly policy: PolicyDocument | null;
  readonly username: string;
  readonly root: string;
  readonly subscriptions: readonly Subscription[];
  readonly commands: Iterable<Command>;
}

const READS: readonly (readonly [leaf: string, what: string])[] = [
  ['telemetry', 'Telemetry'],
  ['status', 'Status'],
  ['cmd', 'Commands of everybody'],
  ['ack', 'Answers to commands'],
  ['meta', 'Descriptions'],
  ['config', 'Configuration asked for'],
  ['config/reported', 'Configuration in force'],
];
const WRITES: readonly (readonly [leaf: string, what: string])[] = [
  ['cmd', 'Send commands'],
  ['config', 'Change configuration'],
  ['meta', 'Describe devices'],
];

/** What somebody may do, from the policy document and from what the broker really answered. */
export function myRights(seen: RightsSeen): MyRights {
  return { read: readRows(seen), write: writeRows(seen) };
}

function readRows({ policy, username, root, subscriptions }: RightsSeen): RightRow[] {
  const documents = new Map([
    [policyTopic(username), 'This policy document'],
    [SHARED_RULES_TOPIC, 'Rules of this site'],
  ]);
  const asked = subscriptions.map((subscription) => {
    const { filter } = subscription;
    const leaf = READS.find(([known]) => matches(`${root}/+/${known}`, filter.replaceAll('+', 'x')));
    const what = documents.get(filter) ?? leaf?.[1] ?? 'Other topics';
    const allowed = policy === null ? 'unknown' : maySubscribe(policy, filter) ? 'yes' : 'no';
    return {
      what,
      filter,
      policy: allowed,
      broker: READ_WORDS[subscription.state],
      differs: readDiffers(allowed, subscription.state),
    } as const;
  });
  const unasked = (policy?.subscribe ?? []).filter(
    (right) => !subscriptions.some(({ filter }) => covers(right, filter) || covers(filter, right)),
  );
  return [...asked, ...unasked.map((filter) => ({ what: 'Other topics', filter, policy: 'yes' }) as const)];
}

const READ_WORDS: Record<Subscription['state'], string | undefined> = {
  asked: undefined,
  granted: 'granted',
  'granted-filtered': 'granted, may be filtered',
  refused: 'refused',
  closed: 'closed the connection',
};

function readDiffers(policy: RightRow['policy'], state: Subscription['state']): string | undefined {
  if (policy === 'no' && state === 'granted') return 'The broker grants what the document does not list.';
  if (policy === 'yes' && (state === 'refused' || state === 'closed'))
    return 'The document lists it, and the broker refuses it.';
  return undefined;
}

function writeRows({ policy, root, commands }: RightsSeen): RightRow[] {
  const sent = [...commands];
  const known = WRITES.map(([leaf, what]) => writeRow(what, `${root}/+/${leaf}`, policy, sent));
  const others = (policy?.publish ?? []).filter(
    (right) => !known.some(({ filter }) => covers(filter, right) || covers(right, filter)),
  );
  return [
    ...known,
    ...others.map((filter) => writeRow('Write other topics', filter, policy, sent)),
    ...(policy?.clearRetained
      ? [{ what: 'Clear what was left behind', filter: `${root}/#`, policy: 'yes' } as const]
      : []),
  ];
}

function writeRow(
  what: string,
  filter: string,
  policy: PolicyDocument | null,
  sent: readonly Command[],
): RightRow {
  const rights = policy?.publish ?? [];
  const allowed =
    policy === null
      ? 'unknown'
      : rights.some((right) => covers(right, filter))
        ? 'yes'
        : rights.some((right) => covers(filter, right))
          ? 'some'
          : 'no';
  const answers = sent
    .filter(({ topic }) => matches(filter, topic))
    .map((command) => ({ command, answer: brokersAnswer(command) }))
    .filter(({ answer }) => answer !== undefined)
    .sort((a, b) => answeredAt(b.command) - answeredAt(a.command));
  const [last] = answers;
  const odd =
    policy &&
    answers.find(({ command, answer }) => mayPublish(policy, command.topic) === (answer === 'refused'));
  return {
    what,
    filter,
    policy: allowed,
    ...(last && {
      broker: last.answer === 'refused' ? 'refused one' : 'took one',
      at: answeredAt(last.command),
    }),
    ...(odd && {
      differs:
        odd.answer === 'refused'
          ? `The document lists ${odd.command.topic}, and the broker refused it.`
          : `The broker took ${odd.command.topic}, which the document does not list.`,
    }),
  };
}

/** What the broker itself made of a command, where it proved that; what the person took back says nothing. */
export function brokersAnswer(command: Command): 'refused' | 'took' | undefined {
  // What the device has answered to has passed the broker.
  if (command.acceptedAt !== undefined || command.provenBy === 'ack') return 'took';
  return command.outcome === 'refused' && command.attempts > 0 ? 'refused' : undefined;
}

/** Epoch ms. */
export function answeredAt({ acceptedAt, settledAt, createdAt }: Command): number {
  return acceptedAt ?? settledAt ?? createdAt;
}
