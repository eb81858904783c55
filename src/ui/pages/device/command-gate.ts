import type { Command } from '../../../model/command.ts';
import { mayPublish } from '../../../model/policy.ts';
import type { PolicyDocument } from '../../../model/policy.ts';
import { clockTime } from '../../words/time-words.ts';
import { answeredAt, brokersAnswer } from '../connection/my-rights.ts';

const REMEMBERED_MS = 3_600_000;

/** Why this sign-in should not send to `topic`, and who says so. The broker has the last word in any case. */
export interface Forbidden {
  readonly by: 'policy' | 'broker';
  /** One sentence. */
  readonly reason: string;
}

/**
 * What speaks against sending to `topic`: the policy document does not list it, or the broker refused the last command that it
 * gave an answer to.
 * @param commands those that this browser knows, in any order
 * @param now epoch ms: a refusal of long ago says nothing about the rights of today
 */
export function forbidden(
  policy: PolicyDocument | null,
  topic: string | undefined,
  commands: Iterable<Command>,
  now: number,
): Forbidden | undefined {
  if (topic === undefined) return undefined;
  let last: Command | undefined;
  for (const command of commands) {
    if (command.topic !== topic || brokersAnswer(command) === undefined) continue;
    if (last === undefined || answeredAt(command) >= answeredAt(last)) last = command;
  }
  const answer = last && brokersAnswer(last);
  if (last && answer === 'refused' && now - answeredAt(last) < REMEMBERED_MS) {
    const reason = `The broker refused the last command to ${topic} at ${clockTime(answeredAt(last))}.`;
    return { by: 'broker', reason };
  }
  // What the broker has taken it will take again, whatever the document says.
  if (policy === null || answer === 'took' || mayPublish(policy, topic)) return undefined;
  return {
    by: 'policy',
    reason: `This sign-in (${policy.role}) may not write ${topic}, says its policy document.`,
  };
}
