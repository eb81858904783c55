import { mayPublish, type PolicyDocument } from '../../../../model/policy.ts';

/** Why this sign-in should not describe a device for everybody; nothing where it may or nobody says. */
export function mayNotDescribe(policy: PolicyDocument | null, topic: string | undefined): string | undefined {
  if (topic === undefined) return 'Devices of this kind describe themselves only.';
  if (policy === null || mayPublish(policy, topic)) return undefined;
  return `This sign-in (${policy.role}) may not write ${topic}, says its policy document. Sign in as an administrator to describe the device.`;
}
