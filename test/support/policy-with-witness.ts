import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { ROLES_FILE } from '../../broker-config/load-policy.ts';
import { parsePolicySource } from '../../broker-config/parse-policy.ts';
import { resolvePolicy } from '../../broker-config/policy-source.ts';
import { withDevices } from '../../broker-config/with-devices.ts';
import type { Policy } from '../../src/model/policy.ts';

/**
 * The repository's policy with these devices and one more principal, `witness`, who may read and write everything:
 * whoever asks what a broker really passed on has to ask somebody who would have seen it. It is a device as far as the
 * policy is concerned, since no person may have such rights.
 */
export async function policyWithWitness(devices: readonly string[]): Promise<Policy> {
  const document = parseDocument(await readFile(ROLES_FILE, 'utf8'));
  document.setIn(['roles', 'witness'], { bind_client_id: true, subscribe: ['#'], publish: ['#'] });
  document.setIn(['principals', 'witness'], 'witness');
  const parsed = parsePolicySource(document.toString());
  if (!parsed.ok) throw new Error(parsed.refusals.map(({ reason }) => reason).join('\n'));
  return resolvePolicy(withDevices(parsed.source, devices));
}
