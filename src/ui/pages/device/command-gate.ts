import { nativeId } from '../../../model/device.ts';
import type { DeviceKey } from '../../../model/device.ts';
import { mayPublish } from '../../../model/policy.ts';
import type { PolicyDocument } from '../../../model/policy.ts';

/** The topic that a command goes to, where the convention of the house says it. */
export function commandTopic(device: DeviceKey, root: string): string | undefined {
  return device.startsWith('devices:') ? `${root}/${nativeId(device)}/cmd` : undefined;
}

/** Why this sign-in should not send to `topic`, as its policy document has it; the broker has the last word. */
export function forbiddenReason(
  policy: PolicyDocument | null,
  topic: string | undefined,
): string | undefined {
  if (policy === null || topic === undefined || mayPublish(policy, topic)) return undefined;
  return `This sign-in (${policy.role}) may not write ${topic}.`;
}
