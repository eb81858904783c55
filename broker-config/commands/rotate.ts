import { loadSource } from '../load-policy.ts';
import { UserError } from '../user-error.ts';
import { follow, placeOf } from './change-principal.ts';
import type { ChangeFlags } from './change-principal.ts';

/** Makes somebody's password anew in an installed folder; who is signed in with the old one is put out. */
export async function rotate(username: string | undefined, flags: ChangeFlags): Promise<readonly string[]> {
  if (username === undefined) throw new UserError('rotate needs a username: rotate NAME --installed DIR.', 2);
  if (flags.installed === undefined) {
    throw new UserError('rotate needs --installed DIR, the folder that "install" wrote.', 2);
  }
  const place = await placeOf(flags);
  const { principals } = await loadSource(place.roles);
  const known = principals.some((one) => one.username === username);
  if (!known && !place.record?.devices.includes(username)) {
    throw new UserError(`There is no "${username}" in ${place.roles} nor in ${place.folder}.`);
  }
  return follow(place, { kind: 'rotate', username }, flags);
}
