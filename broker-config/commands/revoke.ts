import { policyTopic } from '../../src/model/policy.ts';
import { UserError } from '../user-error.ts';
import { follow, placeOf, takeOut } from './change-principal.ts';
import type { ChangeFlags } from './change-principal.ts';

/** Takes somebody out of the roles file and of an installed folder, and ends the connections. */
export async function revoke(username: string | undefined, flags: ChangeFlags): Promise<readonly string[]> {
  if (username === undefined) throw new UserError('revoke needs a username: revoke NAME.', 2);
  const { place, line } = await takeOut(await placeOf(flags), username);
  const followed = await follow(place, { kind: 'revoke', username }, flags);
  return [
    line,
    ...followed,
    `What it left retained stays (${policyTopic(username)} at least); for a device, "decommission" clears that.`,
  ];
}
