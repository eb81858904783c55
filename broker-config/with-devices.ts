import { isDeviceRole } from './policy-source.ts';
import type { PolicySource, PrincipalSource } from './policy-source.ts';
import { unsafeName } from './safe-name.ts';

/**
 * The same policy with one more principal for each device id, username and id alike. An id that is a device of the
 * policy already stays as it is.
 * @throws Error with one sentence when an id is not fit to be one or belongs to a person, or when it is not clear
 *   which role devices have (the only one for devices, or the one called `device`).
 */
export function withDevices(source: PolicySource, ids: readonly string[]): PolicySource {
  const principals = new Map<string, PrincipalSource>(source.principals.map((one) => [one.username, one]));
  const known = new Set(source.principals.map(({ id }) => id));
  for (const id of ids) {
    if (known.has(id)) continue;
    const flaw =
      unsafeName(id) ?? (source.idPattern.test(id) ? undefined : 'does not fit topics.id of the roles file');
    if (flaw) throw new Error(`The device id "${id}" ${flaw}.`);
    if (principals.has(id)) throw new Error(`The device id "${id}" is the username of somebody else.`);
    principals.set(id, { username: id, role: deviceRole(source), id });
    known.add(id);
  }
  return { ...source, principals: [...principals.values()] };
}

function deviceRole(source: PolicySource): string {
  const names = [...source.roles].filter(([, role]) => isDeviceRole(role)).map(([name]) => name);
  const name = names.length === 1 ? names[0] : names.find((candidate) => candidate === 'device');
  if (name === undefined) {
    throw new Error(
      names.length === 0
        ? 'The roles file has no role for devices: add one whose filters use {id}.'
        : `The roles file has several roles for devices (${names.join(', ')}): call the one for added devices "device".`,
    );
  }
  return name;
}
