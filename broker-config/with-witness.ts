import type { Policy } from '../src/model/policy.ts';

/** Signs in beside the others and sees whatever the broker passes on. */
export const WITNESS = 'telltale-witness';

/**
 * The policy with one more principal, which may read and write everything. Only somebody who would have seen a message can
 * say that it was denied; take it away again afterwards, by an install without it.
 */
export function withWitness(policy: Policy): Policy {
  const witness = {
    username: WITNESS,
    role: 'witness',
    subscribe: ['#'],
    publish: ['#'],
    clearRetained: false,
  };
  return { ...policy, principals: [...policy.principals, witness] };
}
