import type { Policy } from '../../../src/model/policy.ts';
import type { Change } from '../../target.ts';
import { aclsOf } from './document.ts';

/**
 * What to say to `$CONTROL/dynamic-security/v1` for one change, with the role of the same name that each principal has.
 * `deleteClient` puts out who is connected; a new password does not, so that one is disabled for a moment.
 */
export function messages(policy: Policy, { kind, username, password }: Change): readonly object[] {
  if (kind === 'revoke') {
    return [
      { command: 'deleteClient', username },
      { command: 'deleteRole', rolename: username },
    ];
  }
  if (kind === 'rotate') {
    return [
      { command: 'setClientPassword', username, password },
      { command: 'disableClient', username },
      { command: 'enableClient', username },
    ];
  }
  const principal = policy.principals.find((one) => one.username === username);
  if (!principal) throw new Error(`The policy has no principal "${username}".`);
  const { clientId } = principal;
  return [
    { command: 'createRole', rolename: username, acls: aclsOf(policy, principal) },
    {
      command: 'createClient',
      username,
      password,
      ...(clientId === undefined ? {} : { clientid: clientId }),
      roles: [{ rolename: username }],
    },
  ];
}
