import type { Policy, Principal } from '../../src/model/policy.ts';
import type { SignIn } from '../connect-to-broker.ts';
import { ACTIONS, PROBE_ID, probeTopics, rowsOf } from '../expected.ts';
import { auditPrincipal, type Audience, type Difference } from './audit-principal.ts';
import type { Come } from './visit.ts';

/** A principal whose password is at hand. */
export interface Audited {
  readonly principal: Principal;
  readonly signIn: SignIn;
}

/** Rows that were left out for one reason. */
export interface Untried {
  readonly why: string;
  readonly rows: number;
}

/** Where a live broker and the policy differ. */
export interface Report {
  readonly tried: number;
  readonly notTried: readonly Untried[];
  readonly differences: readonly Difference[];
}

/** The topics on which rows can be tried without touching those of a device or of a person. */
export function triedTopics(policy: Policy): readonly string[] {
  return probeTopics(policy).filter((topic) => topic.split('/').includes(PROBE_ID));
}

/** Tries the rows of everybody in `audited`, one after the other. */
export async function compare(policy: Policy, audited: readonly Audited[], come: Come): Promise<Report> {
  const audience: Audience = {
    witness: come(),
    lateWitness: come,
    run: `audit ${Date.now().toString(36)}`,
    wide: ['#', '+/#', ...policy.roots.flatMap((root) => [`${root}/#`, `${root}/+/#`])],
  };
  await audience.witness.subscribe('#');
  const topics = triedTopics(policy);
  const differences: Difference[] = [];
  for (const { principal, signIn } of audited) {
    const rows = topics.flatMap((topic) => rowsOf(policy, principal, topic));
    const peer = come(signIn);
    differences.push(...(await auditPrincipal(rows, peer, audience)));
    await peer.end();
  }
  return {
    tried: audited.length * topics.length * ACTIONS.length,
    notTried: untried(policy, audited.length, topics.length, probeTopics(policy).length),
    differences,
  };
}

function untried({ principals }: Policy, audited: number, tried: number, all: number): readonly Untried[] {
  const left = principals.length - audited;
  return [
    {
      why: 'on topics of devices or people, who would be disturbed',
      rows: audited * (all - tried) * ACTIONS.length,
    },
    {
      why: `of ${left} ${left === 1 ? 'sign-in' : 'sign-ins'} without a password here, or not named by --as`,
      rows: left * all * ACTIONS.length,
    },
  ].filter(({ rows }) => rows > 0);
}
