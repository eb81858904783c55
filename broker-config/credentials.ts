import { readFile } from 'node:fs/promises';
import type { Credential } from '../src/model/broker.ts';
import type { Policy } from '../src/model/policy.ts';
import { UserError } from './user-error.ts';

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

/** The passwords in a `credentials.json`, by username; none when there is no such file (any more). */
export async function passwordsIn(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  try {
    const { users, devices } = JSON.parse(text) as Credentials;
    const all = [...Object.values(users), ...Object.values(devices)];
    return new Map(all.map(({ username, password }) => [username, password]));
  } catch {
    throw new UserError(`${path} is not what this command wrote: move it away first.`);
  }
}
