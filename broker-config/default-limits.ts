import type { PolicyLimits } from '../src/model/policy.ts';

/** What holds where the roles file says nothing: enough for 5,000 devices and for the page. */
export const DEFAULT_LIMITS: PolicyLimits = {
  connections: 10_000,
  messageBytes: 131_072,
  queuedMessages: 100_000,
  queuedBytes: 67_108_864,
  sessionExpiry: 3_600,
};
