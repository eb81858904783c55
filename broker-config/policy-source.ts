import type { Policy, PolicyLimits, Principal } from '../src/model/policy.ts';

/** A role as it stands in the roles file, `{id}` and `{username}` not yet filled in. */
export interface RoleSource {
  readonly subscribe: readonly string[];
  readonly publish: readonly string[];
  readonly bindClientId: boolean;
  readonly clearRetained: boolean;
}

/** Somebody who signs in. `id` is there exactly when the role is for devices. */
export interface PrincipalSource {
  readonly username: string;
  readonly role: string;
  readonly id?: string;
}

/** A roles file that was read and accepted. */
export interface PolicySource {
  readonly roots: readonly string[];
  readonly idPattern: RegExp;
  readonly endpoints: readonly string[];
  readonly origins: readonly string[];
  readonly limits: PolicyLimits;
  readonly roles: ReadonlyMap<string, RoleSource>;
  readonly principals: readonly PrincipalSource[];
}

/** Whether a role is for devices: it names `{id}` or binds the client id. Every other role is for people. */
export function isDeviceRole(role: RoleSource): boolean {
  return role.bindClientId || [...role.subscribe, ...role.publish].some((filter) => filter.includes('{id}'));
}

/** Fills the placeholders in: the policy that targets compile. */
export function resolvePolicy(source: PolicySource): Policy {
  const { roots, endpoints, origins, limits } = source;
  return {
    roots,
    clearable: clearableFilters(source),
    endpoints,
    origins,
    limits,
    principals: source.principals.map((principal) => resolve(source, principal)),
  };
}

/** Every topic under a root on which some role may have left something retained. */
function clearableFilters({ roots, roles }: PolicySource): readonly string[] {
  const anywhere = [...roles.values()]
    .flatMap(({ publish }) => publish)
    .map((filter) => filter.replaceAll(/[^/]*\{\w+\}[^/]*/g, '+'))
    .filter((filter) => roots.some((root) => filter.startsWith(`${root}/`)));
  return [...new Set(anywhere)].sort();
}

function resolve(source: PolicySource, { username, role: roleName, id }: PrincipalSource): Principal {
  const role = source.roles.get(roleName);
  if (!role) throw new Error(`The principal "${username}" has the role "${roleName}", which does not exist.`);
  const fill = (filter: string) => filter.replaceAll('{username}', username).replaceAll('{id}', id ?? '');
  return {
    username,
    role: roleName,
    subscribe: role.subscribe.map(fill),
    publish: role.publish.map(fill),
    clearRetained: role.clearRetained,
    ...(id === undefined ? {} : { id }),
    ...(id !== undefined && role.bindClientId ? { clientId: id } : {}),
  };
}
