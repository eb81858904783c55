import { loadPolicy } from '../../../broker-config/load-policy.ts';
import type { Policy } from '../../../src/model/policy.ts';

/** The repository's own policy, with two devices. */
export const ownPolicy = (): Promise<Policy> => loadPolicy({ devices: ['pump-1', 'pump-2'] });

/** A policy that somebody else wrote: five roles, nested filters, two roots. */
export const foreignPolicy = (): Promise<Policy> => loadPolicy({ file: 'test/fixtures/foreign-roles.yaml' });
