import { isMap } from 'yaml';
import { isDeviceRole } from './policy-source.ts';
import type { PrincipalSource, RoleSource } from './policy-source.ts';
import { unsafeName } from './safe-name.ts';
import type { Entry, YamlReader } from './yaml-reader.ts';

type Roles = ReadonlyMap<string, RoleSource>;

/** Reads `principals:`, each `username: role` or `username: { role, id }`. */
export function readPrincipals(
  reader: YamlReader,
  entry: Entry,
  roles: Roles,
  idPattern: RegExp | undefined,
): readonly PrincipalSource[] {
  const principals: PrincipalSource[] = [];
  const owners = new Map<string, string>();
  for (const one of reader.entries(entry.value, 'The section "principals"', entry.at)) {
    const principal = readPrincipal(reader, one, roles);
    if (!principal) continue;
    const { username, id } = principal;
    const flaw = id === undefined ? undefined : idFlaw(id, owners.get(id), idPattern);
    if (flaw !== undefined) reader.refuse(one.at, `The device id "${id}" ${flaw}.`);
    if (id !== undefined) owners.set(id, username);
    principals.push(principal);
  }
  return principals;
}

function idFlaw(id: string, owner: string | undefined, idPattern: RegExp | undefined): string | undefined {
  if (owner !== undefined) return `belongs to "${owner}" already; every device has its own`;
  const flaw = unsafeName(id);
  if (flaw !== undefined) return flaw;
  return idPattern && !idPattern.test(id) ? 'does not fit the pattern in topics.id' : undefined;
}

function readPrincipal(reader: YamlReader, entry: Entry, roles: Roles): PrincipalSource | undefined {
  const username = entry.key;
  const flaw = unsafeName(username);
  if (flaw !== undefined) reader.refuse(entry.at, `The username "${username}" ${flaw}.`);

  const fields = isMap(entry.value)
    ? reader.fields(entry.value, `The principal "${username}"`, ['role', 'id'])
    : new Map([['role', entry]]);
  const roleName = reader.text(fields.get('role')?.value, `The role of "${username}"`, entry.at);
  if (roleName === undefined) return undefined;
  const role = roles.get(roleName);
  if (!role) {
    const reason = `The principal "${username}" has the unknown role "${roleName}"; there are ${[...roles.keys()].join(', ')}.`;
    reader.refuse(fields.get('role')?.value ?? entry.at, reason);
    return undefined;
  }
  const idEntry = fields.get('id');
  if (!isDeviceRole(role)) {
    if (idEntry) {
      reader.refuse(idEntry.at, `The role "${roleName}" is for people: take the id of "${username}" away.`);
    }
    return { username, role: roleName };
  }
  const id = idEntry ? reader.text(idEntry.value, `The id of "${username}"`, idEntry.at) : username;
  return id === undefined ? undefined : { username, role: roleName, id };
}
