import { loadPolicy } from '../../broker-config/load-policy.ts';
import type { Policy } from '../../src/model/policy.ts';

/**
 * The repository's policy with these devices and one more principal, `witness`, who may read and write everything:
 * whoever asks what a broker really passed on has to ask somebody who would have seen it. It is a device as far as the
 * policy is concerned, and comes by TCP; no roles file can give such rights.
 */
export async function policyWithWitness(devices: readonly string[]): Promise<Policy> {
  const policy = await loadPolicy({ devices });
  const witness = {
    username: 'witness',
    role: 'witness',
    id: 'witness',
    clientId: 'witness',
    subscribe: ['#'],
    publish: ['#'],
    clearRetained: false,
  };
  return { ...policy, principals: [...policy.principals, witness] };
}
