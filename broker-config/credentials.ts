import type { Credential } from '../src/model/broker.ts';
import type { Policy } from '../src/model/policy.ts';

/** What `credentials.json` holds: people by username, devices by id. */
export interface Credentials {
  users: Record<string, Credential>;
  devices: Record<string, Credential>;
}

/**
 * The credentials of the principals in `policy` whose password is in `passwords`, sorted into people and devices.
 */
export function credentialsOf(policy: Policy, passwords: ReadonlyMap<string, string>): Credentials {
  const pairs = policy.principals.flatMap(({ username, id }) => {
    const password = passwords.get(username);
    return password === undefined ? [] : [{ id, credential: { username, password } }];
  });
  return {
    users: Object.fromEntries(
      pairs.filter(({ id }) => id === undefined).map(({ credential }) => [credential.username, credential]),
    ),
    devices: Object.fromEntries(
      pairs.flatMap(({ id, credential }) => (id === undefined ? [] : [[id, credential]])),
    ),
  };
}
