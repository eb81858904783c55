import { writableFilters } from '../../../src/model/policy.ts';
import type { Policy, Principal } from '../../../src/model/policy.ts';
import type { Hashes } from '../../target.ts';

/** The sign-in that commands the plugin: the day-2 commands use it, and nobody else needs it. */
export const CONTROL_USER = 'telltale-control';

/** One rule of a role. */
interface Acl {
  readonly acltype: 'publishClientSend' | 'publishClientReceive' | 'subscribePattern';
  readonly topic: string;
  readonly priority: number;
  readonly allow: true;
}

/** `dynamic-security.json`: a role for each principal, since the plugin knows no `%u`, and everything else refused. */
export function document(policy: Policy, hashes?: Hashes): string {
  const { principals } = policy;
  const control = rules(['$CONTROL/#'], ['$CONTROL/#']);
  const all = {
    // What comes to a client is allowed unless this says otherwise.
    defaultACLAccess: {
      publishClientSend: false,
      publishClientReceive: false,
      subscribe: false,
      unsubscribe: true,
    },
    clients: [
      ...principals.map((principal) => client(principal, hashes)),
      client({ username: CONTROL_USER }, hashes),
    ],
    groups: [],
    roles: [
      ...principals.map((principal) => ({ rolename: principal.username, acls: aclsOf(policy, principal) })),
      { rolename: CONTROL_USER, acls: control },
    ],
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** The rules of one principal, as a file or `createRole` says them. */
export function aclsOf(policy: Policy, principal: Principal): readonly Acl[] {
  return rules(principal.subscribe, writableFilters(policy, principal));
}

function rules(subscribe: readonly string[], publish: readonly string[]): readonly Acl[] {
  const rule = (acltype: Acl['acltype']) => (topic: string) =>
    ({ acltype, topic, priority: 0, allow: true }) as const;
  return [
    ...subscribe.map(rule('subscribePattern')),
    ...subscribe.map(rule('publishClientReceive')),
    ...publish.map(rule('publishClientSend')),
  ];
}

/** A hash is Mosquitto's own `$7$rounds$salt$key`; without one nobody can sign in. */
function client({ username, clientId }: Pick<Principal, 'username' | 'clientId'>, hashes?: Hashes): object {
  const [, , rounds, salt, password] = hashes?.get(username)?.split('$') ?? [];
  return {
    username,
    ...(clientId === undefined ? {} : { clientid: clientId }),
    roles: [{ rolename: username }],
    ...(password === undefined ? {} : { password, salt, iterations: Number(rounds) }),
  };
}
