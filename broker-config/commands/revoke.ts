import { forgetLine } from '../installed/admin-lines.ts';
import { loadSource } from '../load-policy.ts';
import { UserError } from '../user-error.ts';
import { follow, placeOf, takeOut } from './change-principal.ts';
import type { ChangeFlags, Place } from './change-principal.ts';

/** Takes somebody out of the roles file and of an installed folder, and ends the connections. */
export async function revoke(username: string | undefined, flags: ChangeFlags): Promise<readonly string[]> {
  if (username === undefined) throw new UserError('revoke needs a username: revoke NAME.', 2);
  const before = await placeOf(flags);
  const id = await deviceIdOf(username, before);
  const { place, line } = await takeOut(before, username);
  const followed = await follow(place, { kind: 'revoke', username }, flags);
  return [
    line,
    ...followed,
    ...(id === undefined ? [] : [`What is retained under ${id} stays; "decommission ${id}" clears that.`]),
    `What the page was told of ${username} stays retained, until it is cleared:`,
    `  ${forgetLine(username, place.record?.options)}`,
  ];
}

/** The id of a device; nothing for a person. */
async function deviceIdOf(username: string, { roles, record }: Place): Promise<string | undefined> {
  const known = (await loadSource(roles)).principals.find((one) => one.username === username);
  return known === undefined && record?.devices.includes(username) ? username : known?.id;
}
