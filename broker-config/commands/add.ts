import { isDeviceRole } from '../policy-source.ts';
import { loadSource } from '../load-policy.ts';
import { UserError } from '../user-error.ts';
import { addToRoles, follow, placeOf } from './change-principal.ts';
import type { ChangeFlags } from './change-principal.ts';

/** The flags of `add`, as they were typed. */
export interface AddFlags extends ChangeFlags {
  readonly role?: string;
  /** Of a device, where it is not the username. */
  readonly id?: string;
}

/** Adds somebody to the roles file, and to an installed folder with a fresh password. */
export async function add(username: string | undefined, flags: AddFlags): Promise<readonly string[]> {
  if (username === undefined) throw new UserError('add needs a username: add NAME --role ROLE.', 2);
  const place = await placeOf(flags);
  const source = await loadSource(place.roles);
  const roles = [...source.roles.keys()].join(', ');
  if (flags.role === undefined) throw new UserError(`add needs --role ROLE; there are ${roles}.`, 2);
  const role = source.roles.get(flags.role);
  if (!role) throw new UserError(`There is no role "${flags.role}"; there are ${roles}.`);
  const known = source.principals.find((one) => one.username === username);
  if (known) throw new UserError(`"${username}" is there already, with the role "${known.role}".`);
  if (place.record?.devices.includes(username)) {
    throw new UserError(`"${username}" is a device of ${place.folder} already.`);
  }
  const device = isDeviceRole(role);
  const id = device ? (flags.id ?? username) : flags.id;
  const line = await addToRoles(place.roles, {
    username,
    role: flags.role,
    ...(id === undefined ? {} : { id }),
  });
  return [line, ...(await follow(place, { kind: 'add', username }, flags))];
}
